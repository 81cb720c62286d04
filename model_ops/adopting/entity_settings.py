"""What is set of an endpoint's served entities, as settings of a stack: where all agree; the rest is listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from model_ops import credential

Body = Mapping[str, Any]
SIZES = ("Small", "Medium", "Large")
TYPES = frozenset({"CPU", "CPU_MEDIUM", "CPU_LARGE", "GPU_SMALL", "GPU_LARGE", "GPU_XLARGE", "GPU_XLARGE_8"})
RANGES = {"concurrency": (4, 1024), "throughput": (1, 10**9)}
"""What is provisioned from a least to a most: what both are multiples of, and no more than."""
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")
VALUE = re.compile(r"(?:(?!\{\{)[^\x00-\x1f\x7f]){0,4096}|\{\{secrets/[\w.@-]{1,128}/[\w.@-]{1,128}\}\}")
SHOWN_ONLY = frozenset({"creator", "creation_timestamp", "state", "foundation_model"})
"""What the REST API adds to a served entity by itself."""
IDENTITY = frozenset({"name", "entity_name", "entity_version"})
EMPTY: tuple[Any, ...] = (None, "", 0, {}, [])


def said(entities: Sequence[Body]) -> dict[str, Any]:
    """The settings of `endpoint` on which all the entities agree, and the variables of each."""
    each = [_settings(entity) for entity in entities]
    agreed = {key: value for key, value in each[0].items() if all(other.get(key) == value for other in each)}
    return {**agreed, **_variables(entities)}


def unsaid(entities: Sequence[Body]) -> Iterator[str]:
    """What is set of an entity and is not in `said`, with its version."""
    settings = said(entities)
    for entity in entities:
        covered = SHOWN_ONLY | IDENTITY | {"environment_vars"}
        covered |= {key for name in _settings(entity) if name in settings for key in _sources(name)}
        for key, value in sorted(entity.items()):
            default = key == "workload_type" and value == "CPU"
            if key not in covered and value not in EMPTY and not default:
                yield f"{key} of version {entity['entity_version']}: {value}"
        # Of variables the names alone: who knows what is in them.
        if "environment" not in settings and (names := sorted(_environment(entity))):
            yield f"environment_vars of version {entity['entity_version']}: {', '.join(names)}"


def _sources(setting: str) -> tuple[str, ...]:
    """The REST API's names that a setting comes from."""
    if setting in RANGES:
        return (f"min_provisioned_{setting}", f"max_provisioned_{setting}")
    return {
        "workloadType": ("workload_type",),
        "workloadSize": ("workload_size",),
        "scaleToZero": ("scale_to_zero_enabled",),
        "burstScaling": ("burst_scaling_enabled",),
    }[setting]


def _settings(entity: Body) -> dict[str, Any]:
    """What a stack can say of one entity, but for its variables."""
    found: dict[str, Any] = {}
    if entity.get("workload_type", "CPU") in TYPES - {"CPU"}:
        found["workloadType"] = entity["workload_type"]
    if entity.get("workload_size") in SIZES:
        found["workloadSize"] = entity["workload_size"]
    for key in RANGES if "workloadSize" not in found else ():
        if range_ := _range(entity, key):
            found[key] = range_
    if "throughput" in found:
        found.pop("workloadType", None)
        if "burst_scaling_enabled" in entity:
            found["burstScaling"] = bool(entity["burst_scaling_enabled"])
    found["scaleToZero"] = bool(entity.get("scale_to_zero_enabled"))
    return found


def _range(entity: Body, key: str) -> dict[str, int] | None:
    """What is provisioned from and to; None where nothing is, or not as a stack can say it."""
    step, bound = RANGES[key]
    least, most = (int(entity.get(f"{end}_provisioned_{key}") or 0) for end in ("min", "max"))
    sound = 0 <= least <= most <= bound and most and not (least % step or most % step)
    return {"min": least, "max": most} if sound else None


def _variables(entities: Sequence[Body]) -> dict[str, Any]:
    """The variables that all have, as `environment`, and those of one alone, as `environmentOf`.

    Where one of them cannot be said none is: a stack that says some takes the others away.
    """
    environments = {int(entity["entity_version"]): _environment(entity) for entity in entities}
    everything = [(name, value) for each in environments.values() for name, value in each.items()]
    if not everything or not all(_can_say(name, value) for name, value in everything):
        return {}
    first, *others = environments.values()
    common = {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}
    own = {
        version: {name: value for name, value in each.items() if name not in common}
        for version, each in sorted(environments.items())
    }
    said_of = {version: each for version, each in own.items() if each}
    return {"environment": common, **({"environmentOf": said_of} if said_of else {})}


def _environment(entity: Body) -> dict[str, str]:
    return {str(name): str(value) for name, value in (entity.get("environment_vars") or {}).items()}


def _can_say(name: str, value: str) -> bool:
    return bool(VARIABLE.fullmatch(name) and VALUE.fullmatch(value) and credential.kind(name, value) is None)
