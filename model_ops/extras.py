"""What the plain requirements leave out, and what to type where a command needs it.

Which packages an extra brings is read from what the installed distribution says of itself.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from model_ops.errors import ExtraError

DISTRIBUTION = "rollpin"
CHECKOUT = Path(__file__).parents[1]
NAMED = 4
"""As many missing packages are named; of the others it is said how many they are."""


def require(extra: str, purpose: str) -> None:
    """Raise ExtraError unless all that `extra` brings is installed; `purpose` is what needs it: "Loading a model"."""
    if lacks := missing(extra):
        raise ExtraError(
            f"{purpose} needs the extra `{extra}`, of which this is not installed: {_listed(lacks)}.\n"
            f"Install it: {install(extra)}"
        )


def missing(extra: str) -> list[str]:
    """Name the packages of `extra` that are not installed, in order."""
    return sorted({name for name in _brought(extra) if not _is_installed(name)})


def install(extra: str) -> str:
    """What to type to install `extra` for the interpreter that runs this; in a checkout, the versions pinned there."""
    from model_ops.commands import python

    pip, pins = f"{python()} -m pip install", CHECKOUT / f"requirements-{extra}.txt"
    if not pins.exists():
        return f"{pip} '{DISTRIBUTION}[{extra}]'"
    path = pins.relative_to(Path.cwd()) if pins.is_relative_to(Path.cwd()) else pins
    return f"{pip} --require-hashes -r {shlex.quote(str(path))}"


def _brought(extra: str) -> Iterator[str]:
    """What an extra names, and what the extras that it refers to name."""
    from packaging.requirements import Requirement

    try:
        lines = metadata.requires(DISTRIBUTION) or ()
    except metadata.PackageNotFoundError:
        return  # the code alone, on somebody's path: nothing can be told
    for line in lines:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or marker.evaluate({"extra": ""}) or not marker.evaluate({"extra": extra}):
            continue
        if requirement.name == DISTRIBUTION:
            for other in requirement.extras:
                yield from _brought(other)
        else:
            yield requirement.name


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _listed(names: list[str]) -> str:
    more = len(names) - NAMED
    return f"{', '.join(names[:NAMED])} and {more} more" if more > 1 else ", ".join(names)
