"""Which stacks a change touches, and in which order they are deployed: decided here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from model_ops.review.sides import Sides, stack_of
from model_ops.stack import LOCAL

PROGRAM = re.compile(
    r"infra/|policy/|model_ops/(served|target|commands|credential|example_values|secret_reference|versions/resources)\.py$"
    r"|requirements\.txt$|pyproject\.toml$|Pulumi\.yaml$"
)
"""What every stack runs on: the program, the modules that it takes from model_ops, what it requires, and the policies.

A rule that gets stricter refuses stacks as they are: better told now than at the rollback that it refuses at night.
"""
AFTER = re.compile(r"""^ +["']?rollpin:after["']?: *["']?([A-Za-z0-9_.-]+)""", re.MULTILINE)
"""Of a stack's file, the stack before it. It is on a line of its own, so that a file that is no YAML still tells."""

CATALOGS = re.compile(r"""^ +["']?rollpin:catalogs["']?:""", re.MULTILINE)
"""Of a platform stack's file, what it makes for others."""


def touched(sides: Sides) -> tuple[str, ...]:
    """Name the stacks that a change touches, in the order in which they are deployed; `local` is none of them.

    A stack whose file is gone, or is no YAML, is touched too.
    """
    found = {stack for file in sides.files if (stack := stack_of(file))}
    everything = {*sides.before.stacks, *sides.after.stacks}
    if program_changed(sides.files):
        found |= {*sides.after.stacks}
    return tuple(stack for stack in in_order(_after(sides, everything | found)) if stack in found - {LOCAL})


def program_changed(files: Iterable[str]) -> tuple[str, ...]:
    """Those of the files that every stack runs on."""
    return tuple(file for file in files if PROGRAM.match(file))


def in_order(after: Mapping[str, str | None]) -> tuple[str, ...]:
    """Put stacks behind the ones that they name, and else by name; in a circle of them by name alone."""
    graph = {stack: {before} if before is not None and before in after else set() for stack, before in after.items()}
    sorter: TopologicalSorter[str] = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError:
        return tuple(sorted(after))
    found: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found += ready
        sorter.done(*ready)
    return tuple(found)


def stack_before(text: str | None) -> str | None:
    """The stack that `rollpin:after` names in the text of a stack's file; None where it names none."""
    found = AFTER.search(text or "")
    return found.group(1) if found else None


def beginnings(texts: Mapping[str, str]) -> tuple[str, ...]:
    """The stacks in which a new version begins, of texts by stack: they serve, and are behind no other that does.

    A platform stack, which makes catalogs for others, serves nothing.
    """
    serving = {stack for stack, text in texts.items() if not CATALOGS.search(text)}
    return tuple(stack for stack in texts if stack in serving and not _ahead(stack, texts) & serving)


def _ahead(stack: str, texts: Mapping[str, str]) -> set[str]:
    """Every other stack that has to be deployed before one."""
    found: set[str] = set()
    before = stack_before(texts.get(stack))
    while before is not None and before not in found:
        found.add(before)
        before = stack_before(texts.get(before))
    return found - {stack}


def _after(sides: Sides, stacks: Iterable[str]) -> dict[str, str | None]:
    def text(stack: str) -> str | None:
        return sides.after.text(f"Pulumi.{stack}.yaml") or sides.before.text(f"Pulumi.{stack}.yaml")

    return {stack: stack_before(text(stack)) for stack in stacks}
