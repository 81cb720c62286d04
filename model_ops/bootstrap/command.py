"""A command of the Azure CLI, as data: run with what is known, or written for a shell to run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

REFERENCE = re.compile(r"\$([a-z][a-z0-9_]*)")
"""What stands in a word for a value that Azure gives: `$deploy_app` is the id of an application."""
WIDE = 110
"""Columns of a line before it is broken."""
INSIDE_QUOTES = re.compile(r'([\\"`]|\$(?![a-z]))')
"""What a shell would obey between quotation marks; a reference it is to replace."""


@dataclass(frozen=True)
class Command:
    """The words of one `az` command, without the program's name; a word may hold references."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, words: str, **options: str) -> Command:
        """Put a command together: its name, as in `group create`, then its options, as in `resource_group`."""
        named = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
        return cls((*words.split(), *named))

    def flagged(self, flag: str) -> Command:
        """The same, with an option that takes no value."""
        return Command((*self.words, flag))

    def lacks(self, known: Mapping[str, str]) -> tuple[str, ...]:
        """The references whose values are not known, each once."""
        found = (name for word in self.words for name in REFERENCE.findall(word))
        return tuple(dict.fromkeys(name for name in found if name not in known))

    def filled(self, known: Mapping[str, str]) -> tuple[str, ...]:
        """The words with what is known; a reference that is not known stays."""
        return tuple(filled(word, known) for word in self.words)

    def typed(self, known: Mapping[str, str], giving: tuple[str, str] | None = None, form: str = "tsv") -> str:
        """Write it for a POSIX shell, over several lines where it is long.

        What is not known is a variable of the shell. `giving` names a variable that is set by it, and the part of its
        answer that the variable gets; `form` is how Azure writes it, as `tsv` or as `json`.
        """
        words = [quoted(word) for word in self.filled(known)]
        if giving is None:
            return _broken(["az", *words])
        name, part = giving
        asked = _broken(["az", *words, "--query", quoted(part), "--output", form])
        return f"{name}=$({asked})"


def filled(word: str, known: Mapping[str, str]) -> str:
    """Put in what is known; a reference that is not known stays."""
    return REFERENCE.sub(lambda found: known.get(found[1], found[0]), word)


def quoted(word: str) -> str:
    """Quote a word so that a shell replaces its references and nothing else."""
    if not REFERENCE.search(word):
        return shlex.quote(word)
    return f'"{INSIDE_QUOTES.sub(_escaped, word)}"'


def _escaped(character: re.Match[str]) -> str:
    return f"\\{character[1]}"


def _broken(words: list[str]) -> str:
    """Join words with blanks, and with a new line before an option where a line gets too long."""
    lines = [""]
    for part in _options(words):
        if lines[-1] and len(lines[-1]) + len(part) > WIDE:
            lines.append(part)
        else:
            lines[-1] = f"{lines[-1]} {part}".strip()
    return " \\\n    ".join(lines)


def _options(words: list[str]) -> Iterator[str]:
    """Give an option and what follows it as one part."""
    part: list[str] = []
    for word in words:
        if word.startswith("--") and part:
            yield " ".join(part)
            part = []
        part.append(word)
    yield " ".join(part)
