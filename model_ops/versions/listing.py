"""Every version of a model, with what the stack pins, what serves, and how good each is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from model_ops.deployed import DeployedStack
from model_ops.served import traffic_of
from model_ops.target import TargetModel
from model_ops.versions.version import Run, Version
from model_ops.workspace.registry import Registry
from model_ops.workspace.tracking import Tracking

Role = Literal["pinned", "warm", "canary"]
KEY_METRICS = 4
"""How many metrics a table shows unless told which."""
SYSTEM = "system/"
"""What MLflow's own metrics of the machine begin with; they say nothing of the model."""


@dataclass(frozen=True, kw_only=True)
class ListedVersion:
    """One version: what the registry, the stack, the endpoint and its run say of it."""

    version: Version
    roles: tuple[Role, ...]
    """What the stack pins it as."""
    traffic: int | None
    """Percent of the endpoint's traffic; 0 when kept ready, None when it is not deployed."""
    aliases: tuple[str, ...]
    run: Run | None
    """None where the version names no run, or one that is gone."""

    @property
    def metrics(self) -> Mapping[str, float]:
        """The metrics of its run by name."""
        return self.run.metrics if self.run else {}


def list_versions(stack: DeployedStack, model: TargetModel) -> tuple[ListedVersion, ...]:
    """List every version of `model`, the latest first.

    Makes one call a page of versions, one for all aliases, one for the endpoint, one for the experiment and one a page
    of its runs, however many versions there are. Raises VersionError where there is no such model, and WorkspaceError.
    """
    registry = Registry(stack.workspace)
    with ThreadPoolExecutor(3) as pool:
        aliases = pool.submit(registry.aliases, model.full_name)
        endpoint = pool.submit(stack.workspace.endpoint, model.endpoint_name)
        versions = registry.versions(model.full_name)
        ids = [version.run_id for version in versions if version.run_id]
        runs = Tracking(stack.workspace).runs(ids, model.experiment_name)
    traffic = traffic_of(endpoint.result() or {}, model.full_name)
    return tuple(_listed(version, model, traffic, aliases.result(), runs) for version in versions)


def key_metrics(listed: Sequence[ListedVersion], wanted: Sequence[str] = ()) -> tuple[str, ...]:
    """Choose what a table shows: the `wanted` metrics, else the first few by name of those that most versions have."""
    if wanted:
        return tuple(wanted)
    counts = Counter(name for each in listed for name in each.metrics if not name.startswith(SYSTEM))
    most = max(counts.values(), default=0)
    return tuple(sorted(name for name, count in counts.items() if count == most))[:KEY_METRICS]


def roles_of(model: TargetModel, number: int) -> tuple[Role, ...]:
    """Say what the stack pins a version as."""
    held: dict[Role, bool] = {
        "pinned": number == model.pinned_version,
        "canary": model.canary is not None and number == model.canary.version,
        "warm": number in model.warm_versions,
    }
    return tuple(role for role, holds in held.items() if holds)


def _listed(
    version: Version,
    model: TargetModel,
    traffic: Mapping[int, int],
    aliases: Mapping[str, int],
    runs: Mapping[str, Run],
) -> ListedVersion:
    return ListedVersion(
        version=version,
        roles=roles_of(model, version.number),
        traffic=traffic.get(version.number),
        aliases=tuple(sorted(alias for alias, number in aliases.items() if number == version.number)),
        run=runs.get(version.run_id or ""),
    )
