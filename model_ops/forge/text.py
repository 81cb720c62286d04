"""What is written under pull requests and into issues: marked as ours, fitted to the limit, or shown as it is."""

from __future__ import annotations

import hashlib
import re

from model_ops import printable

COMMENT = "<!-- rollpin: this comment is edited in place -->"
"""What a reader of the page does not see, and the next run finds its comment by."""
PLACE_FOR_WORDS = 400
"""Characters kept free for the word on what is cut, and for marks and fences."""


def issue_mark(title: str) -> str:
    """The hidden line by which an issue of a title is known as ours."""
    return f"<!-- rollpin: issue {hashlib.sha256(title.encode()).hexdigest()[:16]} -->"


def fitted(text: str, limit: int, where: str | None = None, *, begin: str = "> **This is cut**") -> str:
    """Cut a text at the end of a line so that it has at most `limit` characters, with a word on that ahead of it.

    `begin` is how that word begins: by itself as Markdown.
    """
    if len(text) <= limit:
        return text
    whole = f": the whole is at {where}" if where else ", and the run's log has the rest"
    word = f"{begin}, for it has {len(text):,} characters and {limit:,} fit here{whole}\n\n"
    head = text[: limit - len(word)]
    return word + head[: head.rfind("\n") + 1 or len(head)]


def fenced(text: str, limit: int, where: str | None = None) -> str:
    """Show a plain text as it is, in a fence that it cannot end; what a reader would not see is written by number."""
    shown = printable.text(text).rstrip("\n") or "(nothing was printed)"
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    inside = fitted(shown, limit - 2 * len(fence) - 10, where)
    word, cut, rest = inside.partition("\n\n") if inside != shown else ("", "", inside)
    return f"{word}{cut}{fence}text\n{rest.rstrip()}\n{fence}\n"


def one_line(title: str, limit: int = 250) -> str:
    """A title as one line of at most `limit` characters."""
    return printable.line(" ".join(title.split()))[:limit]
