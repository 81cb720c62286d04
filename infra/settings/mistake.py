"""What is wrong in a stack file, said so that the reader can mend it without looking anything up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.settings import printable
from infra.settings.mend import Mend

MOST_LISTED = 25
"""More mistakes are not read; the first have to be mended anyway."""
MOST_SHOWN = 1000
"""Characters of one line of a message; no command that mends anything is as long."""


class SettingsError(Exception):
    """A stack file that describes no stack; its text is the whole message, and `mistakes` are those of the file."""

    def __init__(self, text: str, mistakes: Sequence[Mistake] = ()) -> None:
        super().__init__(text)
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One thing to mend, at a line of the file (from 1; 0 where the file itself is the trouble)."""

    line: int
    key: str
    found: str
    allowed: str
    mend: Mend

    def text(self, file: str) -> str:
        """Say where it is, what was found, what is allowed and what to type."""
        where = f"{file}:{self.line}" if self.line else file
        return told(f"{where}  {self.key}", self.found, self.allowed, str(self.mend))


def shown(path: Path) -> str:
    """A file as its reader knows it: by its name, or from here where it is in a directory below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else path.name


def told(key: str, found: str, allowed: str, *mends: str) -> str:
    """Say of a key what was found, what is allowed and what to type, each on a line, whatever the words hold."""
    head, *below = mends
    lines = [key, f"     found:   {found}", f"     allowed: {allowed}", f"     mend:    {head}"]
    return "\n".join(map(_line, [*lines, *(f"              {each}" for each in below)]))


def refuse(path: Path, mistakes: Iterable[Mistake]) -> SettingsError:
    """Put every mistake of one file into one error, in the file's order."""
    each = sorted(mistakes, key=lambda mistake: mistake.line)
    count = "1 mistake" if len(each) == 1 else f"{len(each)} mistakes"
    file = printable.line(shown(path))
    listed = [f"  {number}. {mistake.text(file)}" for number, mistake in enumerate(each[:MOST_LISTED], start=1)]
    more = [f"  and {len(each) - MOST_LISTED} more, which are listed once these are mended"]
    lines = [f"{file} has {count}. No resource was touched.", *listed, *more[: len(each) > MOST_LISTED]]
    return SettingsError("\n".join(lines), each)


def _line(words: str) -> str:
    shown = printable.line(words)
    return shown if len(shown) <= MOST_SHOWN else f"{shown[:MOST_SHOWN]}…"
