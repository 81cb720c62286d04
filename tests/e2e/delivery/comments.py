"""Comments as they are expected: kept as files, with what differs from run to run written as a word in capitals."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

EXPECTED = Path(__file__).with_name("expected")
UNSTABLE = (
    (r"http://127\.0\.0\.1:\d+", "https://ADDRESS"),
    (r"ROLLPIN_SANDBOX=\S+ (?:\S+/)?(?=make|model-ops|\.venv)", ""),
    (r"\S*/work/\.venv/bin/", ""),
    (r"the sandbox in \S+ stands for", "the sandbox in HOME stands for"),
    (r"\bm-[0-9a-f]{32}\b", "MODEL-ID"),
    (r"\b[0-9a-f]{32}\b", "RUN-ID"),
    (r"\b[0-9a-f]{40}\b", "COMMIT"),
    # In its row it may also be of digits alone, which elsewhere would be a number.
    (r"(?m)^\| commit \| `[0-9a-f]{8}` \| `[0-9a-f]{8}` \|$", "| commit | `COMMIT` | `COMMIT` |"),
    (r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,12}\b", "COMMIT"),
    (r"\b[a-z]+-[a-z]+-\d{1,3}\b(?=`|\]|\))", "RUN-NAME"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: UTC|Z)?", "TIME"),
    (r"\d{4}-\d\d-\d\d", "DATE"),
    (r"\b\d+ (?:second|minute|hour)s?\b", "A-WHILE"),
    (r"\b\d+(?:\.\d+)? (?:s|min|h|kB|B|MB|bytes)\b(?: \d+ (?:s|min)\b)*", "SOME"),
    (r"/experiments/\d+", "/experiments/NUMBER"),
    (r"/actions/runs/\d+", "/actions/runs/NUMBER"),
    (r"(\| environment \| unknown \|).*", r"\1 WHY |"),
    (r"(?m)^(- Not seen: what is deployed[^(\n]*)\(.*\)$", r"\1(WHY)"),
    # What other stories did before this one.
    (r"(?m)^\| aliases \|.*\n", ""),
    (r", the last of \d+ times", ""),
    (r"\b1, 2, 3, 4(?:, \d+)+", "1, 2, 3, 4"),
)
"""What differs, and the word for it; the first rule that fits goes first."""


def stable(comment: str) -> str:
    """A comment with a word for each thing that differs from run to run."""
    for pattern, word in UNSTABLE:
        comment = re.sub(pattern, word, comment)
    return comment.rstrip() + "\n"


def differs(name: str, comment: str, *, write: bool) -> str:
    """How a comment differs from the expected one of that name, as a diff; with `write`, it is expected from now on."""
    file, found = EXPECTED / f"{name}.md", stable(comment)
    if write:
        file.parent.mkdir(exist_ok=True)
        file.write_text(found)
    expected = file.read_text() if file.exists() else ""
    return "".join(difflib.unified_diff(expected.splitlines(True), found.splitlines(True), file.name, "found"))
