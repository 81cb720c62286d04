"""A plot as markup that stands in a page: text as text, colours of the page, a title and a description.

Matplotlib writes colours as they are, into `style` attributes. A page that takes no style but its own lets none of
these through, and a fixed colour is wrong in the dark. So plots are drawn in the colours of `INK` and the others, which
here become the page's variables.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

INK, MUTED, GRID, LINE, MARK, BAD, ON_BAR = (f"#0000{number:02x}" for number in range(1, 8))
BARS = tuple(f"#0001{number:02x}" for number in range(6))
"""Versions take these in turn."""
VARIABLES: Mapping[str, str] = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    LINE: "--line",
    MARK: "--mark",
    BAD: "--bad",
    ON_BAR: "--on-bar",
    **{colour: f"--bar-{number}" for number, colour in enumerate(BARS)},
}
"""Each colour that plots are drawn in, and the variable of page.css that it stands for."""
POINTS = 72
"""A length in the plot is one in CSS pixels: a figure is made for 72 to the inch."""
SETTINGS = {
    "svg.fonttype": "none",  # text stays text: it can be read out, found and copied
    "svg.hashsalt": "rollpin",
    "text.parse_math": False,  # a `$` in a name is a `$`
    "font.size": 12,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": GRID,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}
SVG, XLINK = "http://www.w3.org/2000/svg", "{http://www.w3.org/1999/xlink}"
UNWANTED = frozenset({f"{{{SVG}}}metadata", f"{{{SVG}}}style"})
REFERENCE = re.compile(r"url\(#([^)]+)\)")
FONT = frozenset({"font", "font-family"})
"""Left to the page."""


@contextmanager
def drawing(width: float, height: float) -> Iterator[Figure]:
    """Give a figure of that many pixels; it is drawn, and made markup of, inside the block."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(SETTINGS):
        yield Figure(figsize=(width / POINTS, height / POINTS), dpi=POINTS)


def markup(figure: Figure, title: str, description: str, hints: Mapping[str, str] | None = None) -> Markup:
    """Give a figure as an `svg` element; `hints` are titles for its parts, by the gid that these were given."""
    from markupsafe import Markup

    written = io.StringIO()
    with warnings.catch_warnings():
        # The page's font has what the one that measures the text lacks.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    root = ElementTree.fromstring(written.getvalue())  # noqa: S314 - matplotlib has written it just now
    _hint(root, hints or {})
    name = "plot-" + hashlib.sha256(f"{title}\0{description}\0{written.getvalue()}".encode()).hexdigest()[:12]
    _strip(root)
    _rename(root, f"{name}-")
    _name(root, name, title, description)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK.strip("{}"))
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704 - written by a serialiser, which escapes


def _hint(root: ElementTree.Element, hints: Mapping[str, str]) -> None:
    for element in root.iter():
        if words := hints.get(element.get("id", "")):
            hint = ElementTree.Element(f"{{{SVG}}}title")
            hint.text = words
            element.insert(0, hint)


def _strip(root: ElementTree.Element) -> None:
    """Leave out what describes the file, and turn styles into attributes, which need no leave of the page."""
    for parent in list(root.iter()):
        for child in [each for each in parent if each.tag in UNWANTED]:
            parent.remove(child)
        for declaration in filter(None, parent.attrib.pop("style", "").split(";")):
            name, _, value = declaration.partition(":")
            if name.strip() not in FONT:
                parent.set(name.strip(), _coloured(value.strip()))


def _coloured(value: str) -> str:
    return f"var({VARIABLES[value]})" if value in VARIABLES else value


def _rename(root: ElementTree.Element, prefix: str) -> None:
    """Keep only ids that something refers to, and make them the plot's own: a page has several plots."""
    wanted = {value.removeprefix("#") for each in root.iter() if (value := each.get(f"{XLINK}href"))}
    wanted |= {name for each in root.iter() for value in each.attrib.values() for name in REFERENCE.findall(value)}
    for each in root.iter():
        if (found := each.attrib.pop("id", None)) in wanted:
            each.set("id", f"{prefix}{found}")
        if reference := each.attrib.pop(f"{XLINK}href", None):
            each.set("href", f"#{prefix}{reference.removeprefix('#')}")
        for name, value in each.attrib.items():
            each.set(name, REFERENCE.sub(rf"url(#{prefix}\1)", value))


def _name(root: ElementTree.Element, name: str, title: str, description: str) -> None:
    for place, (tag, words) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = words
        root.insert(place, element)
    width, height = (f"{float(root.get(side, '0pt').removesuffix('pt')):g}" for side in ("width", "height"))
    root.attrib.update({"width": width, "height": height, "role": "img"})
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-desc")
