"""What served when, as bars over time: a row a model, a bar for as long as one version served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from model_ops.printable import line
from model_ops.report.picture import Attempt, ModelPicture, Period, Picture
from model_ops.report.svg import BAD, BARS, INK, ON_BAR, drawing, markup

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes

ROW, AXIS, MARGIN = 52, 44, 14
"""Heights in pixels of a row and of the axis below, and the room at the sides."""
CHARACTER = 7.5
"""The width of one, about."""
LEAST = timedelta(minutes=1)


@dataclass(frozen=True)
class Row:
    """One model of one stack, with what served of it."""

    label: str
    model: ModelPicture


def timeline_plot(picture: Picture, width: int) -> Markup | None:
    """Draw what served when, `width` pixels wide; None where nothing did."""
    rows = [Row(f"{stack.name} · {model.name}", model) for stack in picture.stacks for model in stack.models]
    rows = [row for row in rows if row.model.periods]
    return _drawn(picture, rows, width) if rows else None


def _drawn(picture: Picture, rows: list[Row], width: int) -> Markup:
    first, last = _span(picture, rows)
    height = ROW * len(rows) + AXIS
    with drawing(width, height) as figure:
        axes = figure.add_axes((MARGIN / width, AXIS / height, 1 - 2 * MARGIN / width, 1 - AXIS / height))
        axes.set_xlim(_days(first), _days(last))
        axes.set_ylim(-len(rows), 0)
        hints: dict[str, str] = {}
        for number, row in enumerate(rows):
            hints |= dict(_row(axes, number, row, (first, last), width - 2 * MARGIN))
        _axis(axes, width)
        return markup(figure, "What served when", "\n".join(_words(rows)), hints)


def _span(picture: Picture, rows: Iterable[Row]) -> tuple[datetime, datetime]:
    """From when to when: where nothing is older, from the first bar on."""
    first = min(period.since for row in rows for period in row.model.periods)
    return min(max(first, picture.since), picture.made - LEAST), picture.made


def _row(axes: Axes, number: int, row: Row, span: tuple[datetime, datetime], width: float) -> Iterator[tuple[str, str]]:
    """Draw one row; gives the title of each bar by its gid."""
    from matplotlib.patches import Rectangle

    first, last = span
    axes.text(_days(first), -number - 0.3, line(row.label), va="baseline", ha="left", fontweight="bold")
    for place, period in enumerate(row.model.periods):
        start, end = max(period.since, first), min(period.until or last, last)
        gid, days = f"bar-{number}-{place}", _days(end) - _days(start)
        colour = BARS[period.version % len(BARS)]
        bar = Rectangle(
            (_days(start), -number - 0.82), days, 0.42, facecolor=colour, edgecolor=INK, linewidth=0.7, gid=gid
        )
        axes.add_patch(bar)
        room = days / (_days(last) - _days(first)) * width
        if label := _fitting(period, room):
            middle = _days(start) + days / 2
            axes.text(middle, -number - 0.62, label, va="center", ha="center", color=ON_BAR)
        yield gid, _told(period)
    failed = [each.at for each in _attempts(row.model) if each.at >= first]
    axes.plot([_days(at) for at in failed], [-number - 0.93] * len(failed), "x", color=BAD, markersize=6, mew=2)


def _fitting(period: Period, room: float) -> str:
    """The longest label that fits into so many pixels."""
    canary = f" + {period.canary.version} at {period.canary.percent} %" if period.canary else ""
    labels = (f"version {period.version}{canary}", f"{period.version}{canary}", str(period.version))
    return next((label for label in labels if len(label) * CHARACTER + 4 <= room), "")


def _axis(axes: Axes, width: int) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(tz="UTC", minticks=3, maxticks=max(5, width // 90))
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz="UTC"))
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)


def _words(rows: Iterable[Row]) -> Iterator[str]:
    """The same in words, for who does not see it."""
    for row in rows:
        yield line(f"{row.label}: " + "; ".join(_told(period) for period in row.model.periods))


def _told(period: Period) -> str:
    until = "now" if period.until is None else _written(period.until)
    canary = f", with version {period.canary.version} at {period.canary.percent} %" if period.canary else ""
    return f"version {period.version}{canary}, from {_written(period.since)} until {until}, for {period.lasted}"


def _attempts(model: ModelPicture) -> Iterator[Attempt]:
    for period in model.periods:
        yield from (each for each in period.attempts if each.result != "succeeded")


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%MZ}"


def _days(moment: datetime) -> float:
    """As matplotlib counts time: in days since 1970."""
    return moment.timestamp() / 86400
