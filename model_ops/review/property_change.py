"""One property that a step of the engine changes, as its path and both values; of a variable never its value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

VARIABLES = "environmentVars"
"""What the served entities of an endpoint call their plain environment variables."""


@dataclass(frozen=True)
class PropertyChange:
    """One property of a step: its path and its value before and after, as JSON text (`-` for none)."""

    path: str
    old: str
    new: str

    def __str__(self) -> str:
        """Show the change as the reader of a diff wants it."""
        return f"{self.path}: {self.old} → {self.new}"


def changes(old: Mapping[str, Any], new: Mapping[str, Any], paths: Iterable[str]) -> tuple[PropertyChange, ...]:
    """Read each of `paths`, which are the engine's, on both sides; those that show no difference are left out."""
    found = (PropertyChange(path, _shown(path, at(old, path)), _shown(path, at(new, path))) for path in sorted(paths))
    # The released provider also lists what it will only know afterwards: no value on either side.
    return tuple(change for change in found if change.old != change.new)


def at(value: Any, path: str) -> Any:
    """Follow an engine property path such as `config.servedEntities[0].entityVersion` or `tags["a.b"]`."""
    for name, index, key in re.findall(r'\["([^"]+)"\]|\[(\d+)\]|([^.\[\]]+)', path):
        if isinstance(value, list) and index.isdigit() and int(index) < len(value):
            value = value[int(index)]
        elif isinstance(value, Mapping):
            value = value.get(name or key)
        else:
            return None
    return value


def without_values(value: Any) -> Any:
    """Give a value with the names of the variables in it, and not what they hold."""
    if isinstance(value, Mapping):
        return {
            key: sorted(each) if key == VARIABLES and isinstance(each, Mapping) else without_values(each)
            for key, each in value.items()
        }
    return [without_values(each) for each in value] if isinstance(value, list) else value


def _shown(path: str, value: Any) -> str:
    """Of environment variables the names alone: who knows what somebody has put into one."""
    if f".{VARIABLES}" in path and value is not None:
        return ", ".join(sorted(value)) if isinstance(value, Mapping) else "(not shown)"
    return _text(without_values(value))


def _text(value: Any) -> str:
    return "-" if value is None else json.dumps(value, ensure_ascii=False, default=str)
