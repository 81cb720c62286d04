"""What a shell completes: stacks, their models and the versions that they name, all from the stacks' files alone.

No engine and no workspace is asked, for a shell waits. What cannot be read completes nothing, and says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

ENTRIES = "rollpin:models"


def stacks(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The stacks that have a file in the project and begin so."""
    from model_ops.stack import stack_names

    return _beginning(stack_names(_project(ctx)), incomplete)


def models(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The entries of the stack's file that begin so; of all files, where no stack is named yet."""
    return _beginning((name for name, _ in _entries(ctx)), incomplete)


def versions(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The versions that the stack's file names and that begin so: pinned, warm, canary."""
    chosen = ctx.params.get("model")
    named = {
        str(version)
        for name, entry in _entries(ctx)
        if chosen in (None, name)
        for version in _named(entry)
        if isinstance(version, int)
    }
    return _beginning(sorted(named, key=int), incomplete)


def _named(entry: Mapping[str, Any]) -> Iterator[Any]:
    """Whatever stands in an entry where a version would."""
    canary, warm = entry.get("canary"), entry.get("warmVersions")
    yield entry.get("servedVersion")
    yield from warm if isinstance(warm, list) else ()
    yield canary.get("version") if isinstance(canary, Mapping) else None


def _entries(ctx: click.Context) -> Iterator[tuple[str, Mapping[str, Any]]]:
    from model_ops.adopting.stack_text import settings
    from model_ops.errors import PinError
    from model_ops.stack import stack_names

    project = _project(ctx)
    for stack in [ctx.params["stack"]] if ctx.params.get("stack") else stack_names(project):
        try:
            found = settings((project / f"Pulumi.{stack}.yaml").read_text()).get(ENTRIES)
        except (OSError, PinError, ValueError):
            continue
        entries = found if isinstance(found, Mapping) else {}
        yield from ((str(name), entry if isinstance(entry, Mapping) else {}) for name, entry in entries.items())


def _project(ctx: click.Context) -> Path:
    return Path(ctx.params.get("project") or ".")


def _beginning(names: Iterator[str] | list[str] | tuple[str, ...], incomplete: str) -> list[str]:
    return list(dict.fromkeys(name for name in names if name.startswith(incomplete)))
