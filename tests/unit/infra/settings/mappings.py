"""Every mapping that a stack's file may hold: all that is reached from a stack's settings, whatever module it is in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from infra.settings.frozen import Frozen
from infra.settings.schema import Settings


def mappings() -> list[type[Frozen]]:
    """The models of the schema, by their names."""
    return sorted(set(_reached(Settings)), key=lambda model: model.__name__)


def _reached(kind: Any) -> Iterator[type[Frozen]]:
    if isinstance(kind, type) and issubclass(kind, Frozen):
        yield kind
        for field in kind.model_fields.values():
            yield from _reached(field.annotation)
    for part in get_args(kind):
        yield from _reached(part)
