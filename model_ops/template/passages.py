"""What goes out of a text when something that it speaks of goes: marked passages, rows of tables, lines of commands.

A passage that is to go stands between `<!-- example -->` and `<!-- /example -->`, each on a line of its own; in a
Makefile between `# <example>` and `# </example>`. The word says with what it goes: `example`, or `template`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

MARK = r"^[ \t]*(?:<!-- {0} -->|# <{0}>)[ \t]*\n"
FENCE = re.compile(r"^ *```")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
HELP = re.compile(r"^([a-z-]+):.*?## ", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)[^)]*\)")
COMMENT = re.compile(r"^ *<!-- .* -->$")
"""What says of a block how it is held; it goes with it."""
ITEM = re.compile(r"^ *(?:[-*]|\d+\.) ")


@dataclass(frozen=True)
class Gone:
    """What is no longer there: folders and files by their paths, and targets of make."""

    paths: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    def has(self, path: str) -> bool:
        """Whether a file or folder goes, by itself or with a folder that it is in."""
        return any(path.rstrip("/") == gone or path.startswith(f"{gone}/") for gone in self.paths)

    def named_in(self, text: str) -> bool:
        """Whether code names something that goes: a target, a folder, or a module in one of the folders."""
        if any(target in self.targets for target in TARGET.findall(text)):
            return True
        spellings = {spelling for path in self.paths for spelling in (f"{path}/", f"{path.replace('/', '.')}.")}
        return any(re.search(rf"(?<![\w./-]){re.escape(spelling)}", text) for spelling in spellings)


def targets(makefile: str) -> set[str]:
    """The targets of a Makefile that have a line of help."""
    return set(HELP.findall(makefile))


def without_marked(text: str, words: Collection[str], instead: str = "") -> str:
    """Take out the passages that are marked with one of `words`; `instead` stands where the first of them was."""
    for word in words:
        passage = re.compile(f"{MARK.format(word)}.*?{MARK.format(f'/{word}')}\\n*", re.MULTILINE | re.DOTALL)
        if instead and (first := passage.search(text)):
            text = f"{text[: first.start()]}{instead}\n{passage.sub('', text[first.end() :])}"
            instead = ""
        else:
            text = passage.sub("", text)
    return text


def without_gone(text: str, gone: Gone, page: str) -> str:
    """Take out of a Markdown page each table row, line of commands and paragraph that is about what is gone.

    A page's paragraphs that only link to what goes, go too: half a sentence is worse than none.
    """
    kept = [part for part in _paragraphs(text) if not _is_about(part, gone, page)]
    return "".join(_thinned(part, gone, page) for part in kept)


def _paragraphs(text: str) -> list[str]:
    """Split a page at its blank lines and before the items of lists, outside of fences; joined they are the page."""
    parts: list[str] = [""]
    fenced = False
    for line in text.splitlines(keepends=True):
        if ITEM.match(line) and not fenced:
            parts.append("")
        fenced ^= bool(FENCE.match(line))
        parts[-1] += line
        if not line.strip() and not fenced:
            parts.append("")
    return parts


def _is_about(part: str, gone: Gone, page: str) -> bool:
    """Whether a paragraph of prose goes: in tables and fences only lines do."""
    lines = part.strip().splitlines()
    if not lines or any(FENCE.match(line) or line.startswith("|") for line in lines):
        return False
    code = re.findall(r"`([^`\n]+)`", part)
    return any(gone.named_in(f"{each} ") for each in code) or _leads(part, gone, page)


def _leads(text: str, gone: Gone, page: str) -> bool:
    folder = page.rpartition("/")[0]
    return any(gone.has(_resolved(folder, link)) for link in LINK.findall(text))


def _resolved(folder: str, link: str) -> str:
    parts: list[str] = folder.split("/") if folder else []
    for part in link.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _thinned(part: str, gone: Gone, page: str) -> str:
    lines = part.splitlines(keepends=True)
    if not any(FENCE.match(line) or line.startswith("|") for line in lines):
        return part
    kept = "".join(line for line in lines if not _goes(line, gone, page))
    return "" if _is_empty_fence(kept) else kept


def _goes(line: str, gone: Gone, page: str) -> bool:
    """Whether a line is about what is gone: a row by its first cell or where it leads, one of a fence by its words."""
    if line.startswith("|"):
        return gone.named_in(line.split("|")[1] + " ") or _leads(line, gone, page)
    runs = re.match(r"(?:\$ )?\S*python -m ", line.strip())
    made = any(target in gone.targets for target in TARGET.findall(line))
    return made or bool(runs and gone.named_in(line)) or any(line.startswith(f"{path}/") for path in gone.paths)


def _is_empty_fence(part: str) -> bool:
    lines: Iterable[str] = [line for line in part.splitlines() if line.strip()]
    return all(FENCE.match(line) or COMMENT.match(line) for line in lines)
