"""What Databricks asks of the compute that a served entity is to have."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.api.errors import invalid
from sandbox.workspace.endpoints.endpoint_bodies import ServedEntity

SIZES = ("Small", "Medium", "Large")
TYPES = (
    *("CPU", "CPU_MEDIUM", "CPU_LARGE", "GPU_SMALL", "GPU_MEDIUM", "GPU_LARGE"),
    *("GPU_XLARGE", "GPU_XLARGE_8", "MULTIGPU_MEDIUM"),
)
ELSEWHERE = frozenset({"GPU_MEDIUM", "MULTIGPU_MEDIUM"})
"""Types with GPUs that AWS has and Azure has not."""
STEP = 4
"""What provisioned concurrency is a multiple of."""
MOST_CONCURRENCY = 1024
"""What a model can have on Azure."""
MOST_VARIABLES = 128 * 1024
"""Bytes of environment variables: about what Linux lets a process be started with."""
_RANGES = ("concurrency", "throughput")


def check_compute(entity: ServedEntity, field: str) -> None:
    """Raise ApiError unless a served entity can be given the compute that it asks for."""
    _check_type(entity, field)
    for what in _RANGES:
        _check_range(entity, field, what)
    _check_concurrency(entity, field)
    _check_ways(entity, field)
    if entity.instance_profile_arn is not None:
        raise invalid(f"{field}.instance_profile_arn: instance profiles are of AWS; a workspace on Azure has none.")
    size = sum(len(f"{name}={value}".encode()) for name, value in (entity.environment_vars or {}).items())
    if size > MOST_VARIABLES:
        raise invalid(f"{field}.environment_vars: at most {MOST_VARIABLES} bytes in all, found {size}.")


def default_compute(entity: ServedEntity) -> dict[str, Any]:
    """Give what Databricks fills in where a served entity does not say how large it is."""
    if _throughput(entity):
        return {}
    if _given(entity, "concurrency"):
        return {"workload_type": "CPU"}
    return {"workload_type": "CPU", "workload_size": "Small"}


def _check_type(entity: ServedEntity, field: str) -> None:
    size, kind = entity.workload_size, entity.workload_type
    if size is not None and size not in SIZES:
        raise invalid(f"{field}.workload_size: one of {', '.join(SIZES)}, found {size!r}.")
    if kind is not None and kind not in TYPES:
        raise invalid(f"{field}.workload_type: one of {', '.join(TYPES)}, found {kind!r}.")
    if kind in ELSEWHERE:
        here = ", ".join(name for name in TYPES if name not in ELSEWHERE)
        raise invalid(
            f"{field}: Workload type '{kind}' with size '{size or 'Small'}' is not supported. "
            f"Please choose a node type from {here}"
        )


def _check_range(entity: ServedEntity, field: str, what: str) -> None:
    low, high = _bounds(entity, what)
    for side, number in (("min", low), ("max", high)):
        if number is not None and not 0 <= number < 2**31:
            raise invalid(f"{field}.{side}_provisioned_{what}: 0 to {2**31 - 1}, found {number}.")
    if low is not None and high is None:
        raise invalid(f"{field}.max_provisioned_{what}: it is required with min_provisioned_{what}.")
    if low is not None and high is not None and low > high:
        raise invalid(f"{field}.min_provisioned_{what}: at most max_provisioned_{what}, {high}, found {low}.")
    if high == 0:
        raise invalid(f"{field}.max_provisioned_{what}: more than 0, found 0.")


def _check_concurrency(entity: ServedEntity, field: str) -> None:
    low, high = _bounds(entity, "concurrency")
    for side, number in (("min", low), ("max", high)):
        if number is not None and number % STEP:
            raise invalid(f"{field}.{side}_provisioned_concurrency: a multiple of {STEP}, found {number}.")
    if high is not None and low is None:
        raise invalid(f"{field}.min_provisioned_concurrency: it is required with max_provisioned_concurrency.")
    if high is not None and high > MOST_CONCURRENCY:
        raise invalid(f"{field}.max_provisioned_concurrency: at most {MOST_CONCURRENCY}, found {high}.")


def _check_ways(entity: ServedEntity, field: str) -> None:
    """Refuse more than one of the ways to say how large a served entity is."""
    ways = {
        "workload_size": entity.workload_size is not None,
        "min_provisioned_concurrency and max_provisioned_concurrency": _given(entity, "concurrency"),
        "min_provisioned_throughput and max_provisioned_throughput": _given(entity, "throughput"),
        "provisioned_model_units": entity.provisioned_model_units is not None,
    }
    said = [way for way, given in ways.items() if given]
    if len(said) > 1:
        raise invalid(f"{field}: give one of {', '.join(ways)}; found {' beside '.join(said)}.")
    if entity.provisioned_model_units is not None and not 0 < entity.provisioned_model_units < 2**31:
        raise invalid(f"{field}.provisioned_model_units: 1 or more, found {entity.provisioned_model_units}.")


def _throughput(entity: ServedEntity) -> bool:
    return _given(entity, "throughput") or entity.provisioned_model_units is not None


def _given(entity: ServedEntity, what: str) -> bool:
    return any(number is not None for number in _bounds(entity, what))


def _bounds(entity: ServedEntity, what: str) -> tuple[int | None, int | None]:
    return getattr(entity, f"min_provisioned_{what}"), getattr(entity, f"max_provisioned_{what}")
