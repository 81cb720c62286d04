"""The comments that docs/review.md shows, and a review's first lines as they are shown there: nothing that varies."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "review.md"
VARYING = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\dZ", "2026-03-02 09:30Z"),
    (r"for (?:\d+ (?:d|h|min|s) ?)+(?=[;,)])", "for 3 d 4 h"),
    (r", the last of \d+ times", ""),
    (r"metrics: \d+ better, \d+ worse", "metrics: 2 better, 8 worse"),
    (r" --project \S+", ""),
    (r"make -C \S+", "make"),
)


def shown(name: str) -> str:
    """The comment that the page shows under a name, as it stands there."""
    found = re.search(rf"<!-- {name} -->\n````markdown\n(.*?)````", PAGE.read_text(), re.DOTALL)
    assert found, f"docs/review.md shows no comment {name}"
    return found.group(1).rstrip()


def first_lines(comment: str, directory: Path) -> str:
    """The part of a comment that is not folded, without what differs from run to run."""
    text = comment.partition("<details>")[0].replace(f"{directory}/", "")
    for pattern, instead in VARYING:
        text = re.sub(pattern, instead, text)
    return text.rstrip()
