"""Every relative link of every page leads to a file, and every anchor to a heading of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

from tests.documents.block import ROOT

LEFT_OUT = {".venv", ".sandbox", "build", ".pytest_cache", "files"}
"""Nobody's pages, and those that are filled in elsewhere: model_ops/template/files."""
PAGES = sorted(path for path in ROOT.rglob("*.md") if not LEFT_OUT & set(path.relative_to(ROOT).parts))


@cache
def anchors(path: Path) -> frozenset[str]:
    """What GitHub calls the headings of a page; a second one of the same words gets a number."""
    tokens = MarkdownIt().parse(path.read_text())
    seen: dict[str, int] = {}
    found = set()
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            words = "".join(part.content for part in token.children or () if part.type in ("text", "code_inline"))
            slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if slug in seen else slug)
            seen[slug] = seen.get(slug, 0) + 1
    return frozenset(found)


def links(path: Path) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text()):
        for part in token.children or ():
            target = part.attrs.get("href") or part.attrs.get("src")
            if target and not urlsplit(str(target)).scheme:
                yield unquote(str(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_and_every_anchor_resolves(page: Path) -> None:
    broken = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name) if name else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_of_the_documents_is_in_their_index() -> None:
    index = ROOT / "docs/README.md"
    named = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    pages = {path for path in (ROOT / "docs").glob("*.md") if path != index}
    assert {path.name for path in pages - named} == set()


def test_every_decision_is_in_their_list() -> None:
    index = ROOT / "docs/decisions/README.md"
    named = set(links(index))
    assert {path.name for path in index.parent.glob("*.md") if path != index} - named == set()
