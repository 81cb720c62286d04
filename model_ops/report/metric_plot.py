"""One metric over the versions of a model, as a line with a mark for each version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model_ops.printable import line
from model_ops.report.picture import Metric, ModelPicture
from model_ops.report.svg import GRID, LINE, MARK, drawing, markup

if TYPE_CHECKING:
    from markupsafe import Markup

WIDTH, HEIGHT = 300, 170
"""In pixels."""
ROOM = {"left": 56, "right": 14, "top": 12, "bottom": 38}


def metric_plot(model: ModelPicture, metric: Metric) -> Markup:
    """Draw a metric: a hollow circle is a version that never served, a full one has, a diamond is pinned."""
    from matplotlib.ticker import MaxNLocator

    numbers, values = zip(*metric.points, strict=True)
    with drawing(WIDTH, HEIGHT) as figure:
        axes = figure.add_axes(_place())
        axes.grid(visible=True, axis="y", linewidth=0.8, color=GRID)
        axes.set_axisbelow(True)
        axes.plot(numbers, values, color=LINE, linewidth=1.6, zorder=2)
        for number, value in metric.points:
            axes.plot([number], [value], zorder=3, **_mark(model, number))
        axes.margins(x=0.08, y=0.18)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7, min_n_ticks=1))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4))
        axes.ticklabel_format(axis="y", useOffset=False)
        axes.set_xlabel("version")
        return markup(figure, line(f"{metric.name} of {model.name}"), _words(model, metric))


def _place() -> tuple[float, float, float, float]:
    left, bottom = ROOM["left"] / WIDTH, ROOM["bottom"] / HEIGHT
    return left, bottom, 1 - left - ROOM["right"] / WIDTH, 1 - bottom - ROOM["top"] / HEIGHT


def _mark(model: ModelPicture, number: int) -> dict[str, Any]:
    if number == model.pinned:
        return {"marker": "D", "markersize": 9, "color": MARK}
    full = number in model.has_served
    return {"marker": "o", "markersize": 7, "color": LINE, "markerfacecolor": LINE if full else "none"}


def _words(model: ModelPicture, metric: Metric) -> str:
    pinned = {model.pinned: ", pinned"}
    told = (f"version {number}: {value:.4g}{pinned.get(number, '')}" for number, value in metric.points)
    better = f" {metric.direction.capitalize()} is better." if metric.direction else ""
    return f"{'; '.join(told)}.{better}"
