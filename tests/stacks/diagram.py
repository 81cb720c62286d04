"""A stack's resources as a diagram in Mermaid: a box for each component, and what must be there before what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from model_ops.review.kinds import in_words
from tests.stacks.recorded import Registered, Stack

COMPONENT = "rollpin:"
SCAFFOLDING = ("pulumi:", COMPONENT)

Boxes = Mapping[str, Sequence[Registered]]
"""The resources of each box, by its title."""


@dataclass(frozen=True, order=True)
class Arrow:
    """One box that must be there before another one."""

    before: str
    after: str


def diagram(stack: Stack) -> str:
    """Draw a stack; the same one is drawn the same, in whichever order its resources were registered."""
    boxes = _boxes(stack)
    numbers = {title: f"b{number}" for number, title in enumerate(sorted(boxes))}
    lines = [f'    {numbers[title]}["{_label(title, boxes[title])}"]' for title in sorted(boxes)]
    lines += [f"    {numbers[each.before]} --> {numbers[each.after]}" for each in sorted(_arrows(boxes))]
    return "\n".join(["flowchart TD", *lines, ""])


def _boxes(stack: Stack) -> Boxes:
    """A box for each component; what is beside other components in one, or in none, has a box for itself."""
    outer = {(each.within, each.parent) for each in stack.resources if each.type.startswith(COMPONENT)}
    found: dict[str, list[Registered]] = {}
    for each in stack.resources:
        if not each.type.startswith(SCAFFOLDING):
            alone = (each.within, each.parent) in outer or not each.within.startswith(COMPONENT)
            title = each.name if alone else f"{each.within.rpartition(':')[2]} {each.parent}"
            found.setdefault(title, []).append(each)
    return found


def _label(title: str, resources: Sequence[Registered]) -> str:
    counted = Counter(in_words(each.type) for each in resources)
    words = [f"{count} × {word}" if count > 1 else word for word, count in sorted(counted.items())]
    return "<br/>".join([f"<b>{title}</b>", *words])


def _arrows(boxes: Boxes) -> Iterator[Arrow]:
    """The arrows that no way over other boxes tells already."""
    home = {each.name: title for title, resources in boxes.items() for each in resources}
    before = {
        title: {home[name] for each in resources for name in each.after if name in home} - {title}
        for title, resources in boxes.items()
    }
    for after, firsts in before.items():
        told = set().union(*(_all_before(first, before) for first in firsts))
        yield from (Arrow(first, after) for first in firsts - told)


def _all_before(box: str, before: Mapping[str, set[str]]) -> set[str]:
    """Every box that must be there before one."""
    found: set[str] = set()
    left = [box]
    while left:
        new = before[left.pop()] - found
        found |= new
        left += new
    return found
