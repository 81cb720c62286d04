"""The documents of the chatbot, split by heading into the passages that it searches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCUMENTS = Path(__file__).with_name("documents")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One section of a document: what is found, and what is answered with."""

    id: str
    """`<file>/<heading>`, both in lower case with hyphens."""
    topic: str
    title: str
    text: str


def read(directory: Path = DOCUMENTS) -> tuple[Passage, ...]:
    """Return the passages of every Markdown file in `directory`, by file name and then in the order of the file."""
    return tuple(passage for file in sorted(directory.glob("*.md")) for passage in split(file.stem, file.read_text()))


def split(name: str, document: str) -> list[Passage]:
    """Cut a Markdown document (`# Topic`, then `## Heading` and its text) into its passages."""
    preamble, *sections = re.split(r"^## ", document, flags=re.MULTILINE)
    topic = preamble.strip().removeprefix("# ")
    return [_passage(name, topic, *section.split("\n", 1)) for section in sections]


def _passage(name: str, topic: str, title: str, text: str) -> Passage:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return Passage(id=f"{name}/{slug}", topic=topic, title=title, text=" ".join(text.split()))
