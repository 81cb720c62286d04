"""What is wrong in a stack file, said so that the reader can mend it without looking anything up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class SettingsError(Exception):
    """A stack file that describes no stack; its text is the whole message, every mistake in it."""


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One thing to mend, at a line of the file (from 1; 0 where the file itself is the trouble)."""

    line: int
    key: str
    found: str
    allowed: str
    mend: str

    def text(self, file: str) -> str:
        """Say where it is, what was found, what is allowed and what to type."""
        where = f"{file}:{self.line}" if self.line else file
        return (
            f"{where}  {self.key}\n     found:   {self.found}\n     allowed: {self.allowed}\n     mend:    {self.mend}"
        )


def shown(path: Path) -> str:
    """A file as its reader knows it: by its name, or from here where it is in a directory below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else path.name


def refuse(path: Path, mistakes: Sequence[Mistake]) -> SettingsError:
    """Put every mistake of one file into one error, in the file's order."""
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    listed = [
        f"  {number}. {mistake.text(shown(path))}"
        for number, mistake in enumerate(sorted(mistakes, key=lambda mistake: mistake.line), start=1)
    ]
    return SettingsError("\n".join([f"{shown(path)} has {count}. No resource was touched.", *listed]))
