"""All stacks on one screen: what each file pins, what is deployed, what serves, and where these differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations

from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError, PinError
from model_ops.pinning import pins
from model_ops.served import Canary, Verdict, is_ready, judge, traffic_of
from model_ops.target import TargetModel


@dataclass(frozen=True, kw_only=True)
class ModelStatus:
    """One model of one stack."""

    name: str
    in_file: int | None
    """What the stack's file pins."""
    pinned: int | None
    """What the deployed stack pins."""
    warm: tuple[int, ...]
    cold: tuple[int, ...]
    """Versions that are to be kept warm and are not ready."""
    canary: Canary | None
    serving: str
    """What answers, in words."""
    ready: str
    """The state of the endpoint: READY, NOT_READY or none."""
    verdict: Verdict | None
    """None while nothing is pinned."""
    run_id: str | None
    """The training run of the pinned version."""
    drift: tuple[str, ...]
    """Where file, deployed pin and endpoint differ."""
    readable: bool = True
    """False where the stack's file cannot be read for a pin."""


@dataclass(frozen=True, kw_only=True)
class StackStatus:
    """One stack; `problem` says why it could not be asked."""

    stack: str
    models: tuple[ModelStatus, ...] = ()
    problem: str | None = None

    @property
    def sound(self) -> bool:
        """True where the stack was asked, its file read, and every model serves what its deployed pin says."""
        served = all(model.verdict is None or model.verdict.served for model in self.models)
        return self.problem is None and served and all(model.readable for model in self.models)


def stack_statuses(stacks: Sequence[str], find: Callable[[str], DeployedStack]) -> tuple[StackStatus, ...]:
    """Ask every stack at once; one that cannot be asked says why, and holds up none of the others."""
    with ThreadPoolExecutor(max(1, len(stacks))) as pool:
        return tuple(pool.map(lambda stack: _status(stack, find), stacks))


def drift_between(statuses: Sequence[StackStatus]) -> tuple[str, ...]:
    """Name the models of which two stacks pin different versions, and say whether one training run is behind both."""
    asked = [status for status in statuses if status.problem is None]
    return tuple(line for one, other in combinations(asked, 2) for line in _between(one, other))


def _status(stack: str, find: Callable[[str], DeployedStack]) -> StackStatus:
    try:
        found = find(stack)
        return StackStatus(stack=stack, models=tuple(_model(found, model) for model in found.target.models.values()))
    except ModelOpsError as error:
        return StackStatus(stack=stack, problem=str(error))


def _model(stack: DeployedStack, model: TargetModel) -> ModelStatus:
    endpoint = stack.workspace.endpoint(model.endpoint_name)
    verdict = judge(endpoint, model.expected) if model.expected else None
    in_file, unread = _in_file(stack, model)
    traffic = traffic_of(endpoint or {}, model.full_name)
    serving = Verdict(reasons=(), final=True, traffic=traffic).serving
    drift = [unread] if unread else _file_drift(stack, model, in_file)
    drift += verdict.reasons if verdict else ()
    return ModelStatus(
        name=model.name,
        in_file=in_file,
        pinned=model.pinned_version,
        warm=model.warm_versions,
        cold=tuple(v for v in model.warm_versions if not is_ready(endpoint or {}, model.full_name, v)),
        canary=model.canary,
        serving="retired" if model.retired else serving,
        ready=str(((endpoint or {}).get("state") or {}).get("ready") or "no endpoint"),
        verdict=verdict,
        run_id=model.run_id,
        drift=tuple(drift),
        readable=unread is None,
    )


def _in_file(stack: DeployedStack, model: TargetModel) -> tuple[int | None, str | None]:
    """What the file pins, or why that cannot be told."""
    try:
        return pins.read(stack.file, model.name), None
    except PinError as error:
        return None, error.headline


def undeployed(stack: DeployedStack, model: TargetModel) -> list[str]:
    """Say where the stack's file pins something else than what is deployed, with the command; raises nothing."""
    in_file, unread = _in_file(stack, model)
    return [] if unread else _file_drift(stack, model, in_file)


def _file_drift(stack: DeployedStack, model: TargetModel, in_file: int | None) -> list[str]:
    if model.retired or in_file == model.pinned_version:
        return []
    if in_file is None:
        return [f"the file has no servedVersion (is it spelt so?), but version {model.pinned_version} is deployed"]
    return [f"the file pins {in_file}: {stack.commands.up}"]


def _between(one: StackStatus, other: StackStatus) -> list[str]:
    lines = []
    theirs = {model.name: model for model in other.models}
    for mine in one.models:
        its = theirs.get(mine.name)
        if its is None or mine.pinned is None or its.pinned is None:
            continue
        same = mine.run_id == its.run_id if mine.run_id and its.run_id else mine.pinned == its.pinned
        how = "the same training run" if same else "different training runs"
        if not same or mine.pinned != its.pinned:
            lines.append(
                f"{mine.name}: {one.stack} pins version {mine.pinned}, {other.stack} version {its.pinned}, from {how}"
            )
    return lines
