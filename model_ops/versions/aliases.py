"""Aliases: names for versions that people and jobs load by, moved after a verified rollout, and never a pin.

`champion` is the version that serves, `previous` the one that served before it, `challenger` the one that is tried.
Unity Catalog knows an alias whatever its case and keeps it in lower case (mlflow/mlflow#12331), and so it is here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from model_ops.deployed import DeployedStack
from model_ops.did_you_mean import did_you_mean
from model_ops.errors import PlanError
from model_ops.served import judge
from model_ops.target import TargetModel
from model_ops.versions.version import READY
from model_ops.workspace.registry import Registry, folded

CHAMPION, CHALLENGER, PREVIOUS = "champion", "challenger", "previous"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,254}")
RESERVED = re.compile(r"latest|v?\d+", re.IGNORECASE)
"""Names that would read like a version: MLflow refuses `latest` and `v7` as aliases too."""


def list_aliases(stack: DeployedStack, model: TargetModel) -> Mapping[str, int]:
    """Give the version of every alias, by name; raises VersionError where there is no model, and WorkspaceError."""
    return dict(sorted(Registry(stack.workspace).aliases(model.full_name).items()))


def plan_alias(stack: DeployedStack, model: TargetModel, alias: str, number: int) -> None:
    """Raise what speaks against pointing an alias at a version.

    That is PlanError for a name that reads like a version, for a version that is not READY, and for `champion` where
    it is not what the stack pins and its endpoint serves; VersionError where it does not exist; WorkspaceError.
    """
    check_name(alias)
    version = Registry(stack.workspace).version(model.full_name, number)
    if version.status != READY:
        raise PlanError(
            f"Version {number} is {version.status}, not READY: {folded(alias)} stays.\n"
            f"See why: {stack.commands_for(model).model_ops('check', '--pin', number)}"
        )
    if folded(alias) == CHAMPION:
        _require_served(stack, model, number)


def set_alias(stack: DeployedStack, model: TargetModel, alias: str, number: int) -> None:
    """Point an alias at a version, whatever it pointed at; raises what `plan_alias` does."""
    plan_alias(stack, model, alias, number)
    Registry(stack.workspace).set_alias(model.full_name, alias, number)


def find_alias(stack: DeployedStack, model: TargetModel, alias: str) -> int:
    """Give the version that an alias points at; raises PlanError where there is none of that name."""
    held = Registry(stack.workspace).aliases(model.full_name)
    if folded(alias) not in held:
        known = ", ".join(sorted(held)) or "none"
        raise PlanError(f"{model.full_name} has no alias {alias}. It has: {known}.{did_you_mean(alias, held)}")
    return held[folded(alias)]


def delete_alias(stack: DeployedStack, model: TargetModel, alias: str) -> None:
    """Remove an alias; raises PlanError where there is none of that name."""
    find_alias(stack, model, alias)
    Registry(stack.workspace).delete_alias(model.full_name, alias)


def moves_after_rollout(model: TargetModel, held: Mapping[str, int]) -> Mapping[str, int | None]:
    """Say which aliases a verified rollout moves, and where to, in the order to do it; None is for one that goes.

    `champion` comes last: were it moved and `previous` not, nothing would tell any more where that one belongs.
    """
    if model.pinned_version is None:
        return {}
    before = held.get(CHAMPION)
    challenger = model.canary.version if model.canary else held.get(CHALLENGER)
    wanted = {
        PREVIOUS: held.get(PREVIOUS) if before in {None, model.pinned_version} else before,
        CHALLENGER: None if challenger == model.pinned_version else challenger,
        CHAMPION: model.pinned_version,
    }
    return {alias: number for alias, number in wanted.items() if held.get(alias) != number}


def move_after_rollout(stack: DeployedStack, model: TargetModel) -> Mapping[str, int | None]:
    """Move the aliases as a verified rollout does, and give those that moved or went; raises WorkspaceError."""
    registry = Registry(stack.workspace)
    moves = moves_after_rollout(model, registry.aliases(model.full_name))
    for alias, number in moves.items():
        if number is None:
            registry.delete_alias(model.full_name, alias)
        else:
            registry.set_alias(model.full_name, alias, number)
    return moves


def check_name(alias: str) -> None:
    """Raise PlanError for a name that Unity Catalog refuses, or that reads like a version."""
    if RESERVED.fullmatch(alias):
        raise PlanError(f"{alias!r} is no name for an alias: it reads like a version. Take champion, say.")
    if not NAME.fullmatch(alias):
        raise PlanError(f"{alias!r} is no name for an alias: take letters, digits, - and _, such as champion.")


def _require_served(stack: DeployedStack, model: TargetModel, number: int) -> None:
    expected = model.expected
    verdict = judge(stack.workspace.endpoint(model.endpoint_name), expected) if expected else None
    if expected is None or verdict is None or expected.version != number or not verdict.served:
        serving, commands = verdict.serving if verdict else "nothing", stack.commands_for(model)
        raise PlanError(
            f"{CHAMPION} names the version that serves, as the stack pins it; version {number} does not: stack "
            f"{stack.name} pins {model.pinned_version or 'nothing'}, and {serving} serves.\n"
            f"Roll it out first: {commands.model_ops('pin', number)}, then: {commands.up}"
        )
