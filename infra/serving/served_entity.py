"""One version as an endpoint serves it: what the stack says of its container, over what somebody else has set of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pulumi
import pulumi_databricks as databricks

from infra.serving.live_endpoint import LiveEndpoint
from infra.settings.endpoint_schema import Endpoint
from model_ops import credential

NEW = MappingProxyType({"scale_to_zero_enabled": False, "workload_size": "Small"})
"""What a new one is, where nobody says anything else."""
SIZES = frozenset(
    {
        "workload_size",
        "max_provisioned_concurrency",
        "min_provisioned_concurrency",
        "max_provisioned_throughput",
        "min_provisioned_throughput",
        "provisioned_model_units",
    }
)
"""How it can be sized, in one way: the stack's goes before the one that is there, and that before a new one's."""


def served_entity(
    endpoint: Endpoint, live: LiveEndpoint, model: str, version: int, name: str
) -> databricks.ModelServingConfigServedEntityArgs:
    """Make the served entity `name` of a version of `model`, a registered model's full name."""
    settings: dict[str, Any] = dict(NEW)
    for layer in (_concealed(live.entity_settings(version)), _said(endpoint, version)):
        if SIZES & layer.keys():
            settings = {key: value for key, value in settings.items() if key not in SIZES}
        settings |= layer
    identity = {"name": name, "entity_name": model, "entity_version": str(version)}
    return databricks.ModelServingConfigServedEntityArgs(**settings | identity)


def environment(endpoint: Endpoint, live: LiveEndpoint, version: int) -> dict[str, str]:
    """The variables that a version is served with."""
    said = endpoint.environment_for(version)
    return dict(live.entity_settings(version).get("environment_vars") or {}) if said is None else said


def _concealed(live: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings, with what no stack file may hold a secret to the engine, encrypted and in no update shown."""
    if not (variables := live.get("environment_vars")):
        return live
    hidden = {
        name: pulumi.Output.secret(value) if credential.kind(name, value) else value
        for name, value in variables.items()
    }
    return {**live, "environment_vars": hidden}


def _said(endpoint: Endpoint, version: int) -> dict[str, Any]:
    """What the stack says of it, by the provider's names."""
    concurrency, throughput = endpoint.concurrency, endpoint.throughput
    said = {
        "workload_type": endpoint.workload_type,
        "workload_size": endpoint.workload_size,
        "min_provisioned_concurrency": concurrency.min if concurrency else None,
        "max_provisioned_concurrency": concurrency.max if concurrency else None,
        "min_provisioned_throughput": throughput.min if throughput else None,
        "max_provisioned_throughput": throughput.max if throughput else None,
        "scale_to_zero_enabled": endpoint.scale_to_zero,
        "burst_scaling_enabled": endpoint.burst_scaling,
        "environment_vars": endpoint.environment_for(version),
    }
    return {key: value for key, value in said.items() if value is not None}
