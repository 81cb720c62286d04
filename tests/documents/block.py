"""The fenced blocks of a page, each with the comment before it that says how a test holds what it shows.

    <!-- run: demo -->        its commands are run in that story; what it shows of their output is compared with it
    <!-- shows: demo -->      it is a part of what is printed under that name, or a test of that path holds it
    <!-- needs: Azure -->     nobody can run it here: its commands, sub-commands and options are looked up
    <!-- settings -->         a part of a stack's file, which the program's own reader takes
    <!-- file: NAME -->       the story of the page writes it into that file
    <!-- adds: NAME -->       the story of the page merges it into that stack file
    <!-- change: NAME -->     a diff, whose old lines stand in that file
    <!-- code -->             Python that compiles
    <!-- measured: NAME -->   figures that this script measured
    <!-- drawing -->          no command, and nothing that was printed

A second word of the kind, `<!-- run: demo, with pyspark -->`, says which module must be installed. A block of two
stories, `<!-- run: delivery and first deployment -->`, is run in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
COMMENT = re.compile(r"<!-- (\w+)(?:: (.+?))? -->")
GENERATED = re.compile(r"^<!-- Written by ", re.MULTILINE)
KINDS = frozenset({"run", "shows", "needs", "settings", "file", "adds", "change", "code", "measured", "drawing"})


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block; `kind` is None where no comment stands before it."""

    page: str
    line: int
    """Where its fence begins, from 1."""
    end: int
    """The line of its closing fence."""
    language: str
    text: str
    kind: str | None = None
    of: str = ""
    needs: str | None = None
    """The module that it cannot run without."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def stories(self) -> list[str]:
        """The names of the stories that it is a part of."""
        return self.of.split(" of ")[-1].split(" and ")

    @property
    def transcript(self) -> bool:
        """Whether it shows commands with what they printed."""
        return self.text.startswith("$ ")


@cache
def pages() -> tuple[str, ...]:
    """What people read: every page of the project but those that the sample chatbot answers from."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/*.md")]
    return tuple(sorted(path.relative_to(ROOT).as_posix() for path in found))


def written_by_hand() -> tuple[str, ...]:
    """The pages that `make docs` does not write."""
    return tuple(page for page in pages() if not GENERATED.search((ROOT / page).read_text()))


def blocks(page: str) -> tuple[Block, ...]:
    """The blocks of a page, in order."""
    return tuple(_blocks(page, (ROOT / page).read_text()))


def _blocks(page: str, text: str) -> Iterator[Block]:
    comments = ""
    for token in MarkdownIt().parse(text):
        if token.type in ("fence", "code_block"):
            start, end = token.map or (0, 0)
            said = COMMENT.search(comments)
            kind, of = (said[1], said[2] or "") if said else (None, "")
            of, _, needs = of.partition(", with ")
            language = token.info if token.type == "fence" else "indented"
            yield Block(
                page=page,
                line=start + 1,
                end=end,
                language=language,
                text=token.content,
                kind=kind,
                of=of,
                needs=needs or None,
            )
        comments = comments + token.content if token.type == "html_block" else ""
