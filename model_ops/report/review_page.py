"""The review of one pull request as a page: the facts of its comment, with nothing folded and nothing left out."""

from __future__ import annotations

from model_ops.cli.output import size
from model_ops.report.comparison_plot import comparison_plot
from model_ops.report.page import NARROW, written
from model_ops.review.first_screen import READY, WORDS, priced, proven
from model_ops.review.first_screen import amount as dollars
from model_ops.review.infrastructure import WORDS as OPERATIONS
from model_ops.review.infrastructure import counted
from model_ops.review.review import Review

MIDDLE = 640
"""Pixels of a plot on a desk."""


def review_page(review: Review) -> str:
    """Give the page of a review; the same review makes the same page."""
    evidence = [each for stack in review.stacks for model in stack.models for each in model.evidence]
    plots = {id(each): (comparison_plot(each, MIDDLE), comparison_plot(each, NARROW)) for each in evidence}
    return written(
        "review.html",
        review=review,
        plots=lambda each: plots[id(each)],
        words=WORDS,
        ready=READY,
        operations={name: word for name, (word, _, _) in OPERATIONS.items()},
        proven=proven,
        priced=priced,
        dollars=dollars,
        counted=counted,
        size=size,
    )
