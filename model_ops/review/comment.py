"""The review as one Markdown comment, which fits where GitHub takes one: what is least needed is left out, and said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model_ops.markdown import code, words
from model_ops.review import first_screen, sections
from model_ops.review.review import Review, StackReview

LIMIT = 64_500
"""Characters: GitHub takes 65,536 in a comment, and whoever posts it adds a line of its own."""
LEFT_OUT = "Left out here for its length: {what}. The whole of it is in the review's JSON, which the job keeps."


def comment(review: Review, limit: int = LIMIT) -> str:
    """Write a review as Markdown of at most `limit` characters."""
    parts = [_Part(stack) for stack in review.stacks]
    left_out: list[str] = []
    while len(text := _written(review, parts, left_out)) > limit and (part := _heaviest(parts)):
        left_out.append(part.drop())
    while len(text) > limit and len(parts) > 1:
        left_out.append(f"stack {parts.pop().stack.name}")
        text = _written(review, parts, left_out)
    return text if len(text) <= limit else _cut(list(_blocks(review, parts, left_out)), limit)


class _Part:
    """One stack: its first lines, and the folded parts that it still has, each written once."""

    def __init__(self, stack: StackReview) -> None:
        self.stack = stack
        self.head = list(_head(stack))
        self.folded = [(each, each.text) for each in sections.sections(stack)]

    @property
    def weight(self) -> int:
        return max((each.weight for each, _ in self.folded), default=-1)

    def drop(self) -> str:
        """Leave out the part of the greatest weight; the longest of several."""
        found = max(self.folded, key=lambda each: (each[0].weight, len(each[1])))
        self.folded.remove(found)
        return f"{found[0].title} ({self.stack.name})"


def _heaviest(parts: Sequence[_Part]) -> _Part | None:
    found = max(parts, key=lambda each: each.weight, default=None)
    return found if found and found.folded else None


def _written(review: Review, parts: Sequence[_Part], left_out: Sequence[str]) -> str:
    return "\n\n".join(_blocks(review, parts, left_out)).rstrip() + "\n"


def _blocks(review: Review, parts: Sequence[_Part], left_out: Sequence[str]) -> Iterator[str]:
    if not review.stacks:
        yield "### Nothing to review"
        yield f"No stack is touched by what {code(review.head[:12])} changes since it left {code(review.base)}."
    if len(review.stacks) > 1:
        word = first_screen.WORDS[review.verdict.level]
        yield f"### {word}: {words(review.verdict.reasons[0])}" if review.verdict.reasons else f"### {word}"
    for part in parts:
        yield from part.head
        yield from (text for _, text in part.folded)
    for remark in review.remarks:
        yield f"Note: {words(remark)}"
    if left_out:
        shown = [*left_out[:12], *([f"and {len(left_out) - 12} more"] if len(left_out) > 12 else [])]
        yield LEFT_OUT.format(what=words(", ".join(shown)))


def _head(stack: StackReview) -> Iterator[str]:
    yield f"### Stack {code(stack.name)}"
    first, *rest = first_screen.lines(stack)
    yield first
    yield from sections.problems(stack)
    if rest:
        yield "\n".join(rest)


def _cut(blocks: Sequence[str], limit: int) -> str:
    """What remains of a review whose first lines alone are too long: whole blocks, so that no code stays open."""
    note = LEFT_OUT.format(what="all that follows")
    kept: list[str] = []
    for each in blocks:
        if len("\n\n".join([*kept, each, note])) >= limit:
            break
        kept.append(each)
    return "\n\n".join([*kept, note]) + "\n"
