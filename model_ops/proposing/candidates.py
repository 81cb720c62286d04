"""Which version of a model may be proposed: READY, newer than the pin, and not tried in the stack before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from model_ops.history.updates import Update
from model_ops.versions.version import READY, Version


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a stack has had of a model already."""

    pinned: int
    canary: int | None = None
    tried: frozenset[int] = frozenset()
    """What an `up` was ever to deploy: what went back from there does not go forward again by itself."""


def candidates(versions: Iterable[Version], known: Known) -> tuple[int, ...]:
    """Give the versions that may be proposed, the newest first."""
    newer = (each.number for each in versions if each.number > known.pinned and not against(each, known))
    return tuple(sorted(newer, reverse=True))


def against(version: Version, known: Known) -> str | None:
    """Say why a version is not proposed; None where nothing speaks against it."""
    number = version.number
    if version.status != READY:
        return f"it is {version.status}, and only a READY version serves"
    if number == known.pinned:
        return "it is pinned already"
    if number < known.pinned:
        return f"it is older than version {known.pinned}, which is pinned: going back is a rollback"
    if number == known.canary:
        return "it is the canary: whoever tries it decides when it gets all of the traffic"
    if number in known.tried:
        return "it was deployed here before, and the stack went back from it: pin it by hand if it is to come again"
    return None


def tried(told: Sequence[Update], model: str) -> frozenset[int]:
    """Every version of a model that an `up` was to deploy, whatever came of it."""
    pins = (each.pins.get(model) for each in told if each.kind == "update" and each.pins)
    return frozenset(each.version for each in pins if each and each.version)
