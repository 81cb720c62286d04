"""The serving endpoint of a model: which versions are deployed, and which of them gets the traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra import naming
from infra.access import permissions
from infra.access.access_lists import Level
from infra.settings.schema import Endpoint
from model_ops.served import Expected


@dataclass(frozen=True, kw_only=True)
class ServingEndpointArgs:
    """What an endpoint is made from; `expected` is also what the proof holds it to."""

    model: str
    catalog: str
    schema: str
    expected: Expected
    run_id: str | None
    endpoint: Endpoint
    levels: Mapping[str, Level]
    tags: Mapping[str, str]
    protect: bool
    proof: pulumi.ResourceHook
    after: Sequence[pulumi.Resource] = ()


class ServingEndpoint(pulumi.ComponentResource):
    """An endpoint that serves the pinned version, with warm versions and a canary beside it, and its permissions.

    The pin, the warm versions and the canary change in place; another name is another endpoint, and an outage.
    """

    endpoint_name: pulumi.Output[str]
    endpoint_id: pulumi.Output[str]
    """By which the permissions API knows the endpoint."""

    def __init__(self, name: str, args: ServingEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:ServingEndpoint", name, None, opts)
        timeout = f"{args.endpoint.timeout_minutes}m"
        endpoint = databricks.ModelServing(
            f"{name}-endpoint",
            name=args.expected.endpoint,
            config=_config(args),
            ai_gateway=_gateway(args),
            tags=[databricks.ModelServingTagArgs(key=key, value=value) for key, value in sorted(_tags(args).items())],
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=list(args.after),
                protect=args.protect,
                custom_timeouts=pulumi.CustomTimeouts(create=timeout, update=timeout),
                hooks=pulumi.ResourceHookBinding(after_create=[args.proof], after_update=[args.proof]),
            ),
        )
        permissions.own(
            f"{name}-endpoint",
            args.levels,
            pulumi.ResourceOptions(parent=self),
            serving_endpoint_id=endpoint.serving_endpoint_id,
        )
        self.endpoint_name, self.endpoint_id = endpoint.name, endpoint.serving_endpoint_id
        self.register_outputs({"endpoint_name": self.endpoint_name, "endpoint_id": self.endpoint_id})


def _config(args: ServingEndpointArgs) -> databricks.ModelServingConfigArgs:
    """Entities and routes in the order of their versions, so that a flip between warm ones changes two numbers."""
    shares = sorted(args.expected.traffic.items())
    entities = [
        databricks.ModelServingConfigServedEntityArgs(
            name=naming.served_entity(args.model, version),
            entity_name=args.expected.model,
            entity_version=str(version),
            workload_size=args.endpoint.workload_size,
            scale_to_zero_enabled=args.endpoint.scale_to_zero,
        )
        for version, _ in shares
    ]
    routes = [
        databricks.ModelServingConfigTrafficConfigRouteArgs(
            served_model_name=naming.served_entity(args.model, version), traffic_percentage=share
        )
        for version, share in shares
    ]
    return databricks.ModelServingConfigArgs(
        served_entities=entities, traffic_config=databricks.ModelServingConfigTrafficConfigArgs(routes=routes)
    )


def _gateway(args: ServingEndpointArgs) -> databricks.ModelServingAiGatewayArgs | None:
    """The inference table; every field is set, for those that are left out come back filled in, as a difference."""
    if args.endpoint.inference_table is None:
        return None
    return databricks.ModelServingAiGatewayArgs(
        inference_table_config=databricks.ModelServingAiGatewayInferenceTableConfigArgs(
            enabled=args.endpoint.inference_table,
            catalog_name=args.catalog,
            schema_name=args.schema,
            table_name_prefix=naming.inference_table_prefix(args.expected.endpoint),
        )
    )


def _tags(args: ServingEndpointArgs) -> dict[str, str]:
    run = {"run_id": args.run_id} if args.run_id else {}
    return {**args.tags, "model_version": str(args.expected.version), **run}
