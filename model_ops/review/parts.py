"""A review as JSON, and several of them as one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from model_ops.cli.output import plain
from model_ops.commands import program
from model_ops.errors import StackError
from model_ops.review import verdict
from model_ops.review.review import Problem, Review, StackReview, Unseen, Verdict

ENDED = "its part of the review was not written: the job that reviews it ended before. Why is in that job's log"


def write(review: Review, file: Path) -> None:
    """Write a review as JSON, whole; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(plain(review), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read(file: Path) -> Review:
    """Read a review from JSON; raises StackError where the file holds none."""
    try:
        return TypeAdapter(Review).validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        what = error.strerror if isinstance(error, OSError) else f"{error.error_count()} mistakes in its fields"
        raise StackError(
            f"{file} holds no review: {what}.\nWrite one: {program()} review --base origin/main --json {file}"
        ) from None


def join(reviews: Sequence[Review], stacks: Sequence[str] = ()) -> Review:
    """Make one review of several; of `stacks`, whose order it takes, one that is in none of them is told as unseen.

    Raises StackError where they are of different commits.
    """
    heads = {review.head for review in reviews}
    if len(heads) > 1:
        listed = ", ".join(sorted(head[:12] for head in heads))
        raise StackError(
            f"The parts are of different commits: {listed}.\nReview all stacks of one commit, then join them."
        )
    found = {stack.name: stack for review in reviews for stack in review.stacks}
    named = list(dict.fromkeys([*stacks, *found]))
    remarks = dict.fromkeys(remark for review in reviews for remark in review.remarks)
    base, head = (reviews[0].base, reviews[0].head) if reviews else ("", "")
    return verdict.whole(base, head, [found.get(name) or _ended(name) for name in named], tuple(remarks))


def _ended(stack: str) -> StackReview:
    unseen = Unseen(what=f"anything of stack {stack}", why=ENDED)
    problem = Problem(title=f"stack {stack} was not reviewed", words=ENDED)
    judged = Verdict(level="refused", reasons=(problem.title,))
    file = f"Pulumi.{stack}.yaml"
    return StackReview(name=stack, state="unchanged", verdict=judged, file=file, problems=(problem,), unseen=(unseen,))
