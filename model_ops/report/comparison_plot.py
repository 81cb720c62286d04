"""The metrics of two versions, as bars of how much each changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model_ops.printable import line
from model_ops.report.svg import INK, LINE, MARK, MUTED, drawing, markup
from model_ops.review.facts import Evidence, Metric

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes

ROW, AXIS, MARGIN = 44, 40, 14
"""Heights in pixels of a row and of the axis below, and the room at the sides."""
ENOUGH = 12
"""How many metrics are drawn; all of them are in the table."""
COLOURS = {"better": LINE, "worse": MARK}
LONGEST = 44
"""Characters of a name on a phone."""


@dataclass(frozen=True)
class Share:
    """By how much a metric changed, in percent of what it was."""

    metric: Metric
    percent: float

    @property
    def words(self) -> str:
        """The name, the change, and whether that is better."""
        name = self.metric.name if len(self.metric.name) <= LONGEST else f"{self.metric.name[:LONGEST]}…"
        verdict = f", {self.metric.verdict}" if self.percent else ""
        return line(f"{name}: {self.percent:+.1f} %{verdict}" if self.percent else f"{name}: the same")


def comparison_plot(evidence: Evidence, width: int) -> Markup | None:
    """Draw by how many percent each metric changed, `width` pixels wide; None where none can be compared."""
    shares = list(_shares(evidence.metrics))[:ENOUGH]
    if not shares or evidence.was is None:
        return None
    height = ROW * len(shares) + AXIS
    with drawing(width, height) as figure:
        axes = figure.add_axes((MARGIN / width, AXIS / height, 1 - 2 * MARGIN / width, 1 - AXIS / height))
        widest = max(1.0, *(abs(each.percent) for each in shares))
        axes.set_xlim(-widest, widest)
        axes.set_ylim(-len(shares), 0)
        _draw(axes, shares, -widest)
        title = f"Metrics of version {evidence.to.number} against version {evidence.was.number}"
        return markup(figure, title, "\n".join(each.words for each in shares))


def _shares(metrics: Iterable[Metric]) -> Iterator[Share]:
    for each in metrics:
        values = (each.before, each.after)
        if each.before and all(value is not None and math.isfinite(value) for value in values):
            yield Share(each, ((each.after or 0.0) - each.before) / abs(each.before) * 100)


def _draw(axes: Axes, shares: Sequence[Share], left: float) -> None:
    axes.axvline(0, color=MUTED, linewidth=1)
    for number, share in enumerate(shares):
        axes.text(left, -number - 0.36, share.words, va="baseline", ha="left")
        colour = COLOURS.get(share.metric.verdict, MUTED)
        axes.barh(-number - 0.66, share.percent, height=0.36, color=colour, edgecolor=INK, linewidth=0.7)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("change in percent")
