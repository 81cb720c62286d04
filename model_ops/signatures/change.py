"""What became of one field between two signatures; `model_ops.signatures.compatibility` has the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from model_ops.signatures.row import SideName

Level = Literal["compatible", "widened", "breaking"]
Kind = Literal["added", "removed", "form", "type", "shape", "required", "default"]

LEVELS: tuple[Level, ...] = ("compatible", "widened", "breaking")
"""From the best to the worst."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field that is new, gone, or not what it was."""

    side: SideName
    path: str
    """Such as `messages[].content`; empty for the whole side."""
    kind: Kind
    old: str | None
    """What it was, in words; None where it was not there."""
    new: str | None
    """What it is, in words; None where it is no longer there."""
    level: Level

    def __str__(self) -> str:
        where = f"{self.side} {self.path}".rstrip()
        return f"{where}: {self.kind}, {self.old or 'absent'} → {self.new or 'absent'} ({self.level})"
