"""The serving endpoint of a model: which versions are deployed, and which of them gets the traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pulumi
import pulumi_databricks as databricks

from infra import naming
from infra.access import permissions
from infra.access.access_lists import Level
from infra.proof.claims import Claim
from infra.retention import after
from infra.serving.live_endpoint import PROVISIONED, RETIRED_TAG, VERSION_TAG, LiveEndpoint
from infra.settings.schema import Endpoint
from model_ops.served import Expected

NEW_ENTITY = MappingProxyType({"scale_to_zero_enabled": False, "workload_size": "Small"})


@dataclass(frozen=True, kw_only=True)
class ServingEndpointArgs:
    """What an endpoint is made from; `expected` is also what the proof holds it to, `live` what is there now."""

    model: str
    catalog: str
    schema: str
    expected: Expected
    live: LiveEndpoint
    claim: Claim
    run_id: str | None
    endpoint: Endpoint
    levels: Mapping[str, Level]
    tags: Mapping[str, str]
    protect: bool
    leaving: bool
    """Retired: this run lets go of it, and the next takes it down."""
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
            **args.live.settings,
            opts=args.claim.onto(
                pulumi.ResourceOptions(
                    parent=self,
                    depends_on=list(args.after),
                    protect=args.protect and not args.leaving,
                    custom_timeouts=pulumi.CustomTimeouts(create=timeout, update=timeout),
                    hooks=pulumi.ResourceHookBinding(after_create=[args.proof], after_update=[args.proof]),
                )
            ),
        )
        args.claim.made(endpoint)
        args.claim.replaces({who: (level,) for who, level in args.levels.items()})
        permissions.own(
            f"{name}-endpoint",
            args.levels,
            args.claim.access_onto(after(self, endpoint)),
            serving_endpoint_id=endpoint.serving_endpoint_id,
        )
        self.endpoint_name, self.endpoint_id = endpoint.name, endpoint.serving_endpoint_id
        self.register_outputs({"endpoint_name": self.endpoint_name, "endpoint_id": self.endpoint_id})


def _config(args: ServingEndpointArgs) -> databricks.ModelServingConfigArgs:
    """Entities and routes in an order that lasts, so that a flip between warm versions changes two numbers."""
    shares, live = args.expected.traffic, args.live
    names = {version: live.entity_name(args.model, version) for version in shares}
    routes = [
        databricks.ModelServingConfigTrafficConfigRouteArgs(
            served_model_name=names[version], traffic_percentage=shares[version]
        )
        for version in live.route_order(shares)
    ]
    return databricks.ModelServingConfigArgs(
        served_entities=[_entity(args, version, names[version]) for version in live.entity_order(shares)],
        traffic_config=databricks.ModelServingConfigTrafficConfigArgs(routes=routes),
    )


def _entity(args: ServingEndpointArgs, version: int, name: str) -> databricks.ModelServingConfigServedEntityArgs:
    """What the stack says of a version's entity, over what somebody else has set of it, over what a new one is."""
    sleeps, size = args.endpoint.scale_to_zero, args.endpoint.workload_size
    found = {**NEW_ENTITY, **args.live.entity_settings(version)}
    said = {"scale_to_zero_enabled": sleeps, "workload_size": size}
    found |= {key: value for key, value in said.items() if value is not None}
    if PROVISIONED & found.keys():  # it takes one size alone, and a stack file's goes before
        found = {key: value for key, value in found.items() if key not in (PROVISIONED if size else {"workload_size"})}
    identity = {"name": name, "entity_name": args.expected.model, "entity_version": str(version)}
    return databricks.ModelServingConfigServedEntityArgs(**found | identity)


def _gateway(args: ServingEndpointArgs) -> databricks.ModelServingAiGatewayArgs | None:
    """The inference table beside all else that is set of the gateway.

    Every field of the table is set, for those that are left out come back filled in, as a difference.
    """
    gateway = args.live.gateway
    if args.endpoint.inference_table is not None:
        gateway["inference_table_config"] = databricks.ModelServingAiGatewayInferenceTableConfigArgs(
            enabled=args.endpoint.inference_table,
            catalog_name=args.catalog,
            schema_name=args.schema,
            table_name_prefix=naming.inference_table_prefix(args.expected.endpoint),
        )
    return databricks.ModelServingAiGatewayArgs(**gateway) if gateway else None


def _tags(args: ServingEndpointArgs) -> dict[str, str]:
    """The stack's tags and, from the first rollout on, what it serves: taking an endpoint over is none."""
    if args.leaving:
        return {**args.live.tags, RETIRED_TAG: "true"}
    said = {**args.tags, **args.endpoint.tags}
    if args.live.is_untouched(args.expected.traffic):
        return said
    run = {"run_id": args.run_id} if args.run_id else {}
    return {**said, VERSION_TAG: str(args.expected.version), **run}
