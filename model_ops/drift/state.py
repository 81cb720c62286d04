"""Reads what a stack deployed from the engine's own state, by `pulumi stack export`; secrets stay encrypted there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from model_ops.errors import StackError
from model_ops.stack import Address, ask
from model_ops.urn import Urn

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which the engine marks an object of its state that stands for something else."""
OF_ONE_MODEL = frozenset(f"rollpin:index:{kind}" for kind in ("Experiment", "RegisteredModel", "ServingEndpoint"))
"""Components that are named for the entry that they belong to."""
DATABRICKS = "databricks:index/"


class _Hidden:
    """A value that the state holds encrypted."""

    def __repr__(self) -> str:
        return "hidden"


HIDDEN = _Hidden()


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """One resource of a workspace as the last `up` left it."""

    type: str
    """Such as `ModelServing`."""
    name: str
    id: str
    model: str | None
    """The entry that it belongs to; None for what several share."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    modified: datetime | None = None

    def value(self, key: str) -> Any:
        """What the program said of a property; where it said nothing, what the workspace made of it."""
        said = self.inputs.get(key)
        return self.outputs.get(key) if said is None else said


@dataclass(frozen=True, kw_only=True)
class State:
    """What a stack deployed, and what of it the engine is at or never finished, in words."""

    resources: tuple[Deployed, ...]
    pending: tuple[str, ...] = ()


def read(where: Address) -> State:
    """Ask the engine for a stack's state; raises StackError where it cannot be asked or says something else."""
    try:
        return parse(json.loads(ask(where, "export")))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StackError(
            f"The state of stack {where.stack} cannot be read: {type(error).__name__}: {error}\n"
            f"See what the engine says: {where.typed('export')}"
        ) from None


def parse(exported: Mapping[str, Any]) -> State:
    """Read an export; raises what reading raises where it is none."""
    deployment = exported["deployment"] or {}
    resources = deployment.get("resources") or ()
    parents = {each["urn"]: each for each in resources}
    pending = [
        f"{each['type']} {Urn(each['resource']['urn']).name}" for each in deployment.get("pending_operations") or ()
    ]
    return State(
        resources=tuple(_deployed(each, parents) for each in resources if _is_ours(each)), pending=tuple(pending)
    )


def _is_ours(resource: Mapping[str, Any]) -> bool:
    """Whether the stack made it, in a workspace: not what it only reads, nor what it is about to delete."""
    if resource.get("external") or resource.get("delete"):
        return False
    return str(resource["type"]).startswith(DATABRICKS) and bool(resource.get("id"))


def _deployed(resource: Mapping[str, Any], parents: Mapping[str, Mapping[str, Any]]) -> Deployed:
    modified = resource.get("modified")
    return Deployed(
        type=str(resource["type"]).rpartition(":")[2],
        name=Urn(resource["urn"]).name,
        id=str(resource["id"]),
        model=_model(resource, parents),
        inputs=_plain(resource.get("inputs") or {}),
        outputs=_plain(resource.get("outputs") or {}),
        modified=datetime.fromisoformat(modified).astimezone(UTC) if modified else None,
    )


def _model(resource: Mapping[str, Any], parents: Mapping[str, Mapping[str, Any]]) -> str | None:
    above: Mapping[str, Any] | None = resource
    while above is not None:
        if above["type"] in OF_ONE_MODEL:
            return Urn(above["urn"]).name
        above = parents.get(above.get("parent") or "")
    return None


def _plain(value: Any) -> Any:
    """The value without what the engine notes in it for itself, and with HIDDEN for what it keeps encrypted."""
    if isinstance(value, dict):
        if SIGNATURE in value:
            return HIDDEN
        return {key: _plain(each) for key, each in value.items() if not key.startswith("__")}
    return [_plain(each) for each in value] if isinstance(value, list) else value
