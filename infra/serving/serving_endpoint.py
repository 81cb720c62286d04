"""The serving endpoint of a model: which versions are deployed, and which of them gets the traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_databricks as databricks

from infra.access import grants, permissions
from infra.access.access_lists import Level, Privileges
from infra.proof.claims import Claim
from infra.retention import after
from infra.serving import made_with
from infra.serving.gateway import gateway
from infra.serving.live_endpoint import RETIRED_TAG, VERSION_TAG, LiveEndpoint
from infra.serving.served_entity import served_entity
from infra.settings.endpoint_schema import Endpoint
from model_ops.served import Expected
from model_ops.target import LET_GO


@dataclass(frozen=True, kw_only=True)
class ServingEndpointArgs:
    """What an endpoint is made from; `expected` is also what the proof holds it to, `live` what is there now."""

    model: str
    table_schema: tuple[str, str]
    """Catalog and schema of its inference table."""
    table_readers: Privileges
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
    replacing: str | None
    """How far a change is that needs another endpoint: LET_GO, or `now`; None where none does."""
    proof: pulumi.ResourceHook
    on_error: pulumi.ErrorHook
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
        endpoint = databricks.ModelServing(
            f"{name}-endpoint",
            name=args.expected.endpoint,
            config=_config(args),
            ai_gateway=gateway(args.endpoint, args.live, args.expected.endpoint, args.table_schema),
            tags=[databricks.ModelServingTagArgs(key=key, value=value) for key, value in sorted(_tags(args).items())],
            **_settings(args),
            opts=args.claim.onto(self._options(args), replaced=args.replacing is not None),
        )
        args.claim.made(endpoint)
        for difference in made_with.differences(args.endpoint, args.live, args.expected.endpoint):
            pulumi.log.warn(difference)
        self._give(name, args, endpoint)
        self.endpoint_name, self.endpoint_id = endpoint.name, endpoint.serving_endpoint_id
        self.register_outputs({"endpoint_name": self.endpoint_name, "endpoint_id": self.endpoint_id})

    def _options(self, args: ServingEndpointArgs) -> pulumi.ResourceOptions:
        timeout = f"{args.endpoint.timeout_minutes}m"
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=list(args.after),
            protect=args.protect and not args.leaving and args.replacing is None,
            delete_before_replace=args.replacing is not None,
            custom_timeouts=pulumi.CustomTimeouts(create=timeout, update=timeout),
            hooks=pulumi.ResourceHookBinding(
                after_create=[args.proof], after_update=[args.proof], on_error=[args.on_error]
            ),
        )

    def _give(self, name: str, args: ServingEndpointArgs, endpoint: databricks.ModelServing) -> None:
        """Say who may do what with the endpoint, and who may read the table of its requests."""
        args.claim.replaces({who: (level,) for who, level in args.levels.items()})
        permissions.own(
            f"{name}-endpoint",
            args.levels,
            args.claim.access_onto(after(self, endpoint)),
            serving_endpoint_id=endpoint.serving_endpoint_id,
        )
        read_in = ".".join(args.table_schema)
        grants.shared(f"{name}-table", args.table_readers, self, [endpoint], schema=read_in)


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
        served_entities=[
            served_entity(args.endpoint, live, args.expected.model, version, names[version])
            for version in live.entity_order(shares)
        ],
        traffic_config=databricks.ModelServingConfigTrafficConfigArgs(routes=routes),
    )


def _settings(args: ServingEndpointArgs) -> dict[str, Any]:
    """What the endpoint is made with; a stack that may replace it says so of the one thing that needs another."""
    made = made_with.settings(args.endpoint, args.live)
    optimized = args.endpoint.route_optimized
    return made if optimized is None or args.replacing == LET_GO else {**made, "route_optimized": optimized}


def _tags(args: ServingEndpointArgs) -> dict[str, str]:
    """The stack's tags and, from the first rollout on, what it serves: taking an endpoint over is none."""
    if args.leaving:
        return {**args.live.tags, RETIRED_TAG: "true"}
    said = {**args.tags, **args.endpoint.tags}
    if args.live.is_untouched(args.expected.traffic):
        return said
    run = {"run_id": args.run_id} if args.run_id else {}
    return {**said, VERSION_TAG: str(args.expected.version), **run}
