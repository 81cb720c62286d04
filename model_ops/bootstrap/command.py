"""A command of the Azure CLI, as data: run with what is known, or written for a shell to run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

REFERENCE = re.compile(r"\$([a-z][a-z0-9_]*)")
"""What stands in a word for a value that Azure gives: `$deploy_app` is the id of an application."""
WIDE = 110
"""Columns of a line before it is broken."""
INSIDE_QUOTES = re.compile(r'([\\"`$])')
"""What a shell would obey between quotation marks."""


@dataclass(frozen=True)
class Command:
    """The words of one `az` command, without the program's name; a word may hold references."""

    words: tuple[str, ...]
    found: Mapping[str, str] = field(default_factory=dict)
    """What is known for this command alone: fields of the thing that it changes."""

    @classmethod
    def of(cls, words: str, **options: str) -> Command:
        """Put a command together: its name, as in `group create`, then its options, as in `resource_group`."""
        named = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
        return cls((*words.split(), *named))

    def flagged(self, flag: str) -> Command:
        """The same, with an option that takes no value."""
        return Command((*self.words, flag), self.found)

    def of_thing(self, details: Mapping[str, str]) -> Command:
        """The same for a thing with these fields; what they say is taken as it is, references too."""
        return Command(self.words, {**self.found, **details})

    def lacks(self, known: Mapping[str, str]) -> tuple[str, ...]:
        """The references whose values are not known, each once."""
        found = (name for word in self.words for name in REFERENCE.findall(word))
        return tuple(dict.fromkeys(name for name in found if name not in known and name not in self.found))

    def filled(self, known: Mapping[str, str]) -> tuple[str, ...]:
        """The words with what is known; a reference that is not known stays."""
        return tuple(filled(word, {**known, **self.found}) for word in self.words)

    def typed(self, known: Mapping[str, str], giving: tuple[str, str] | None = None, form: str = "tsv") -> str:
        """Write it for a POSIX shell, over several lines where it is long.

        What is not known is a variable of the shell. `giving` names a variable that is set by it, and the part of its
        answer that the variable gets; `form` is how Azure writes it, as `tsv` or as `json`.
        """
        words = [quoted(word, {**known, **self.found}) for word in self.words]
        if giving is None:
            return _broken(["az", *words])
        name, part = giving
        asked = _broken(["az", *words, "--query", shlex.quote(part), "--output", form])
        return f"{name}=$({asked})"


def filled(word: str, known: Mapping[str, str]) -> str:
    """Put in what is known; a reference that is not known stays."""
    return REFERENCE.sub(lambda found: known.get(found[1], found[0]), word)


def quoted(word: str, known: Mapping[str, str]) -> str:
    """Put in what is known, and quote it so that a shell replaces the references that are left, and nothing else."""
    if all(name in known for name in REFERENCE.findall(word)):
        return shlex.quote(filled(word, known))
    texts = REFERENCE.split(word)  # the names of references stand at the odd places
    inside = "".join(_inside(text, known) if place % 2 else _escaped(text) for place, text in enumerate(texts))
    return f'"{inside}"'


def _inside(name: str, known: Mapping[str, str]) -> str:
    return _escaped(known[name]) if name in known else f"${name}"


def _escaped(text: str) -> str:
    return INSIDE_QUOTES.sub(r"\\\1", text)


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
