"""Makes pages of data: one file each, which loads nothing, and in which nobody's text is anything but text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from model_ops import credential, printable
from model_ops.loopback import is_loopback
from model_ops.report.metric_plot import metric_plot
from model_ops.report.picture import Picture
from model_ops.report.timeline_plot import timeline_plot

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

WIDE, NARROW = 960, 330
"""Pixels of a plot on a desk and on a phone; the page shows the one that fits."""
BREAKS = re.compile(r"([_/.@])(?=\w)")


def report_page(picture: Picture) -> str:
    """Give the page of a report; the same picture makes the same page."""
    plots = {
        (stack.name, model.name, metric.name): metric_plot(model, metric)
        for stack in picture.stacks
        for model in stack.models
        for metric in model.metrics
    }
    timelines = {"wide": timeline_plot(picture, WIDE), "narrow": timeline_plot(picture, NARROW)}
    return written("report.html", picture=picture, plots=plots, timelines=timelines)


def written(template: str, **values: Any) -> str:
    """Fill in one of the templates beside this module."""
    from markupsafe import Markup

    style, script = _own("page.css"), _own("zoom.js")
    page = (
        _environment()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - ours, from beside this module
            script=Markup(script),  # noqa: S704
            policy=_policy(style, script),
            **values,
        )
    )
    return page.strip() + "\n"


def _policy(style: str, script: str) -> str:
    """What the page may load and run: its own style and its own script, each by its hash, and nothing else."""
    sources = {"default-src": "'none'", "style-src": _hash(style), "script-src": _hash(script)}
    sources |= {"base-uri": "'none'", "form-action": "'none'"}
    return "; ".join(f"{name} {source}" for name, source in sources.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _own(name: str) -> str:
    return (resources.files(__package__ or "") / "templates" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("model_ops.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    own = {"when": when, "figure": figure, "short": short, "safe_link": safe_link, "breakable": breakable, "used": used}
    environment.filters |= own
    return environment


def _shown(value: Any) -> Any:
    """Show what a reader would not see, and nothing that looks like a credential: others wrote it."""
    from markupsafe import Markup

    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return credential.KNOWN.sub("…", printable.line(value))


def when(moment: datetime | None) -> Markup:
    """Write a time in UTC, for people and for machines; empty where there is none."""
    from markupsafe import Markup

    if moment is None:
        return Markup()
    stamp = moment.isoformat().replace("+00:00", "Z")
    return Markup('<time datetime="{}">{}</time>').format(stamp, f"{moment:%Y-%m-%d %H:%MZ}")


def breakable(text: object) -> Markup:
    """Let a long name break where people would break it; what is markup already stays as it is."""
    from markupsafe import Markup, escape

    if isinstance(text, Markup):
        return text
    return Markup(BREAKS.sub(r"\1<wbr>", str(escape(_shown(str(text))))))  # noqa: S704 - escaped just now


def used(rows: Sequence[Sequence[object]]) -> list[int]:
    """Number the columns in which any row has something."""
    return [
        place for place, cells in enumerate(zip(*rows, strict=True)) if any(cell not in (None, "") for cell in cells)
    ]


def figure(value: float | None) -> str:
    """Write a number to four digits that count; a dash where there is none."""
    return "–" if value is None else f"{value:.4g}"


def short(identifier: str | None) -> str:
    """Shorten a run id or a commit to what tells it apart."""
    return (identifier or "")[:8]


def safe_link(links: Mapping[str, str], name: str) -> str:
    """Give an address that a page may lead to; empty where there is none, or it is no page of a workspace."""
    address = links.get(name, "")
    safe = urlsplit(address).scheme == "https" or (urlsplit(address).scheme == "http" and is_loopback(address))
    return address if safe else ""
