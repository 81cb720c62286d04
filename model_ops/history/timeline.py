"""What served when, joined with the registry for the run, and with git for the commit, its author and its approver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError, StackError
from model_ops.git.commits import Commit
from model_ops.git.pin_origin import commit_of_pin
from model_ops.history import intervals as history
from model_ops.history.intervals import Served, in_words, intervals
from model_ops.history.settled import settled
from model_ops.history.updates import Pins, Update, updates
from model_ops.target import TargetModel
from model_ops.workspace.registry import Registry

SETTLED = "its update failed, for something else in the stack: that it serves is what the workspace says"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One version that served, for as long as it did."""

    served: Served
    duration: str
    """In words."""
    run_id: str | None
    """Its training run; None where the registry no longer has the version."""
    commit: Commit | None
    """The commit that pinned it, with its author and approver; None where git does not tell."""
    remarks: tuple[str, ...] = ()


def read_timeline(
    stack: DeployedStack, model: TargetModel, record: Sequence[Update] | None = None
) -> tuple[Entry, ...]:
    """Tell what served of `model`, oldest first; who has read the engine's `record` already hands it over.

    Raises StackError where the engine's record cannot be read; what registry or git cannot tell is a remark.
    """
    if stack.address is None:
        raise StackError(
            f"The outputs of stack {stack.name} in a file have no history.\n"
            f"Ask the engine: {replace(stack.commands_for(model), outputs=None).model_ops('history')}"
        )
    runs, remark = _runs(stack, model)
    served = _settled(stack, intervals(updates(stack.address) if record is None else record, model.name))
    return tuple(_entry(stack, each, runs, remark) for each in served)


def recorded_model(stack: DeployedStack, name: str | None) -> TargetModel:
    """Give a model that the stack has or had; one that has left it is as the engine's record names it last.

    Raises StackError where it never was there, or where several are and none is named.
    """
    try:
        return stack.model(name)
    except StackError:
        pins = _last_pins(stack, name) if name is not None else None
        if pins is None:
            raise
    return TargetModel(
        name=pins.model,
        full_name=pins.full_name,
        endpoint_name=pins.endpoint,
        endpoint_url=None,
        pinned_version=None,
        warm_versions=(),
        canary=None,
        run_id=None,
        experiment_name="",
    )


def entry_at(entries: tuple[Entry, ...], moment: datetime) -> Entry | None:
    """Find what served at a moment; None where nothing did, or nothing that the record shows."""
    found = history.at([entry.served for entry in entries], moment)
    return next((entry for entry in entries if entry.served is found), None)


def _last_pins(stack: DeployedStack, name: str) -> Pins | None:
    record = updates(stack.address) if stack.address else ()
    return next((found for update in reversed(record) if (found := (update.pins or {}).get(name))), None)


def _settled(stack: DeployedStack, served: tuple[Served, ...]) -> tuple[Served, ...]:
    """What the record proves, with what the workspace adds; a workspace that does not answer adds nothing."""
    try:
        return settled(served, stack.workspace.endpoint)
    except ModelOpsError:
        return served


def _entry(stack: DeployedStack, served: Served, runs: Mapping[int, str | None], remark: str | None) -> Entry:
    origin = commit_of_pin(stack.file, served.model, served.version, before=served.since, head=served.commit)
    gone = served.version not in runs and remark is None
    remarks = [
        remark,
        f"version {served.version} is no longer in the registry" if gone else None,
        f"version {served.version}: {served.doubt}" if served.doubt else None,
        f"version {served.version}: {SETTLED}" if served.settled else None,
        f"version {served.version} was deployed with changes that no commit holds" if served.update.dirty else None,
        f"version {served.version}: no commit is shown: {origin.remark}" if origin.remark else None,
    ]
    return Entry(
        served=served,
        duration=in_words(served.lasted(datetime.now(UTC))),
        run_id=runs.get(served.version),
        commit=origin.commit,
        remarks=tuple(each for each in remarks if each),
    )


def _runs(stack: DeployedStack, model: TargetModel) -> tuple[Mapping[int, str | None], str | None]:
    """The run of each version, or why the registry does not tell: what served when is known without it."""
    try:
        found = Registry(stack.workspace).versions(model.full_name)
    except ModelOpsError as error:
        return {}, f"the registry was not asked for the runs: {error.headline}"
    return {version.number: version.run_id for version in found}, None
