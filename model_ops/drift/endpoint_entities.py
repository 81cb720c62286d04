"""How the served entities of an endpoint differ from what was deployed: size, scale to zero, variables.

Of a variable the name is told, and the reference where it is one; a plain text may hold what should not be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from model_ops import secret_reference
from model_ops.drift.difference import NOT_SET, Difference, Kind, difference, last_change
from model_ops.drift.state import HIDDEN, Deployed
from model_ops.served import Endpoint

Entity = Mapping[str, Any]
UNSET: tuple[Any, ...] = (None, "", 0, {}, [])
"""What the REST API shows of what was never set."""
SETTINGS: Mapping[str, tuple[str, Kind, str]] = {
    "workloadSize": ("workload_size", "size", "endpoint.workloadSize"),
    "workloadType": ("workload_type", "size", "endpoint.workloadType"),
    "minProvisionedConcurrency": ("min_provisioned_concurrency", "size", "endpoint.concurrency"),
    "maxProvisionedConcurrency": ("max_provisioned_concurrency", "size", "endpoint.concurrency"),
    "minProvisionedThroughput": ("min_provisioned_throughput", "size", "endpoint.throughput"),
    "maxProvisionedThroughput": ("max_provisioned_throughput", "size", "endpoint.throughput"),
    "scaleToZeroEnabled": ("scale_to_zero_enabled", "scale to zero", "endpoint.scaleToZero"),
    "burstScalingEnabled": ("burst_scaling_enabled", "size", "endpoint.burstScaling"),
}
"""Properties by the provider's names: the REST API's, what is changed with it, and the stack file's."""


def differences(deployed: Deployed, endpoint: Endpoint) -> Iterator[Difference]:
    """Compare each version that was deployed and is deployed still."""
    said, found = by_version(deployed), {}
    for each in (endpoint.get("config") or {}).get("served_entities") or ():
        if "entity_version" in each:
            found[str(each.get("entity_name")), int(each["entity_version"])] = each
    for (name, version), entity in said.items():
        if there := found.get((name, version)):
            yield from _settings(deployed, version, entity, there)
            yield from _environment(deployed, version, entity, there)


def by_version(deployed: Deployed) -> dict[tuple[str, int], Entity]:
    """What was deployed of each version, by model and number; what the program left open, as the workspace set it."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for side in (deployed.outputs, deployed.inputs):
        for each in (side.get("config") or {}).get("servedEntities") or ():
            key = (str(each.get("entityName")), int(each.get("entityVersion") or 0))
            found[key] = found.get(key, {}) | {name: value for name, value in each.items() if value is not None}
    return {key: entity for key, entity in found.items() if key in _said(deployed)}


def _said(deployed: Deployed) -> set[tuple[str, int]]:
    entities = (deployed.value("config") or {}).get("servedEntities") or ()
    return {(str(each.get("entityName")), int(each.get("entityVersion") or 0)) for each in entities}


def _settings(deployed: Deployed, version: int, said: Entity, found: Entity) -> Iterator[Difference]:
    for name, (field, kind, setting) in SETTINGS.items():
        was, now = said.get(name), found.get(field)
        # What the stack never said and the workspace did not either, it may show any time: as a default of its own.
        if name not in said or was is HIDDEN or was == now or (was in UNSET and now in UNSET):
            continue
        what = f"{field.replace('_', ' ').removesuffix(' enabled')} of version {version}"
        yield _difference(deployed, found, kind, what, _words(was), _words(now), setting)


def _environment(deployed: Deployed, version: int, said: Entity, found: Entity) -> Iterator[Difference]:
    was, now = said.get("environmentVars") or {}, found.get("environment_vars") or {}
    for name in [] if was is HIDDEN else sorted({*was, *now}):
        if was.get(name) == now.get(name) or (was.get(name) is HIDDEN and _is_text(now.get(name))):
            continue
        both = _is_text(was.get(name)) and _is_text(now.get(name))
        there = "another text" if both else _shown(now.get(name))
        what = f"variable {name} of version {version}"
        setting = "endpoint.environment"
        yield _difference(deployed, found, "environment", what, _shown(was.get(name)), there, setting)


def _difference(
    deployed: Deployed, entity: Entity, kind: Kind, what: str, was: str, now: str, setting: str
) -> Difference:
    last = last_change(deployed, entity.get("creation_timestamp"), str(entity.get("creator") or ""))
    return difference(deployed, kind, f"endpoint {deployed.id}: {what}", was, now, last=last, setting=setting)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return NOT_SET if value in UNSET else str(value)


def _is_text(value: Any) -> bool:
    """Whether it is a plain text, which is never shown."""
    return isinstance(value, str) and _reference(value) is None


def _shown(value: Any) -> str:
    if value is None:
        return NOT_SET
    reference = None if value is HIDDEN else _reference(str(value))
    return str(reference) if reference else "a text that is kept secret" if value is HIDDEN else "a text"


def _reference(value: str) -> secret_reference.SecretReference | None:
    return secret_reference.in_environment({"": value}).get("")
