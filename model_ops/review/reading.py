"""What each side of a change has in force in a stack, as the program itself reads the file."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model_ops import credential
from model_ops.errors import PinError
from model_ops.pinning import program
from model_ops.review.review import Pinned, Problem, SettingChange
from model_ops.review.sides import Side

PINS = ("servedVersion", "warmVersions", "canary", "canary.version", "canary.percent", "retired")
NOT_SHOWN = "(not shown)"
MARKERS = re.compile(r"^(<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
"""What a merge that nobody finished leaves in a file; two kinds of them make a conflict."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is in force on one side: by setting for the stack, by entry and setting for its models."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    problem: Problem | None = None
    """Why the program refuses the file; then nothing else is known."""

    def pinned(self, name: str) -> Pinned | None:
        """What is pinned of one entry; None where there is no such entry."""
        said = self.models.get(name)
        if said is None:
            return None
        return Pinned(
            full_name=f"{said.get('catalog')}.{said.get('schema')}.{said.get('model') or name}",
            endpoint=str(said.get("endpoint.name") or name),
            version=said.get("servedVersion"),
            warm=tuple(sorted(said.get("warmVersions") or ())),
            canary=said.get("canary.version"),
            percent=said.get("canary.percent"),
            retired=bool(said.get("retired")),
        )


def read_side(side: Side, stack: str) -> Reading:
    """Read what a stack has in force on one side of the change. Raises nothing."""
    name = f"Pulumi.{stack}.yaml"
    if found := side.instead(name):
        return Reading(
            problem=Problem(title=f"{name} is {found}", mend=f"make it a file of its own, with the settings of {stack}")
        )
    return read(side.text(name), stack)


def read(text: str | None, stack: str) -> Reading:
    """Read what a stack's file has in force; None and a file that is refused have nothing. Raises nothing."""
    if text is None:
        return Reading()
    if len({line[0] for line in MARKERS.findall(text)}) > 1:
        return Reading(problem=_conflict(text, stack))
    with tempfile.TemporaryDirectory(prefix="model-ops-") as scratch:
        file = Path(scratch) / f"Pulumi.{stack}.yaml"
        file.write_text(text)
        try:
            found = program.in_force(file, stack)
        except PinError as error:
            words = str(error).replace(f"{scratch}/", "")
            return Reading(problem=Problem(title=f"{file.name} is refused by the program", words=words))
    models: dict[str, dict[str, Any]] = {}
    for each in found:
        if each["model"] is not None:
            models.setdefault(each["model"], {})[each["setting"]] = each["value"]
    return Reading(settings={each["setting"]: each["value"] for each in found if each["model"] is None}, models=models)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[SettingChange, ...]:
    """Name the settings, pins left out, that are in force with another value; of secrets and variables not which."""
    names = [name for name in {**before, **after} if name not in PINS and before.get(name) != after.get(name)]
    return tuple(
        SettingChange(path=name, before=_shown(name, before.get(name)), after=_shown(name, after.get(name)))
        for name in sorted(names)
    )


def _shown(name: str, value: Any) -> str | None:
    """A value as a reader wants it: never what a variable holds, nor what looks like a credential."""
    if value is None or value in ({}, []):
        return None
    if ".environment" in f".{name}":
        return NOT_SHOWN
    return credential.hidden(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _conflict(text: str, stack: str) -> Problem:
    found = MARKERS.search(text)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    return Problem(
        title=f"Pulumi.{stack}.yaml has a merge in it that nobody finished",
        words=f"line {line} begins with {text.splitlines()[line - 1][:7]}: both sides of the conflict are in the file",
        mend=f"decide which side holds, remove the lines <<<<<<<, ======= and >>>>>>>, and commit Pulumi.{stack}.yaml",
    )
