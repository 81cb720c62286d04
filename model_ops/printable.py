"""Shows what a reader would not see, or a terminal or a CI's log obey: escapes, turned and hidden text, commands.

`infra` and `model_ops` print and import nothing of each other, so this module stands in both, byte for byte; a test
holds that.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of controls, formats (directions, zero widths), halves of pairs, and separators of lines."""

ANYWHERE = r"(?<=#)#(?=(?:vso)?\[)"
"""What CI takes for a command anywhere in a line of a log: Azure Pipelines `##vso[…]` and GitHub `##[…]`."""
COMMAND = re.compile(rf"{ANYWHERE}|^([^\S\n]*:):(?=[A-Za-z][^\n]*::)", re.IGNORECASE | re.MULTILINE)
"""The same, and what GitHub takes for one at the beginning of a line: `::…::`. See the sources of both runners:
`Command.TryParse`, `ActionCommand.TryParse`."""
COMMAND_IN_JSON = re.compile(ANYWHERE, re.IGNORECASE)
"""What is one in JSON, of which no line begins with `::`; it stands in texts alone."""


def text(words: str) -> str:
    """Write each such character by its number, as Python does, and one of a command; line ends and tabs stay."""
    return _shown(words.replace("\r\n", "\n"), "\n\t")


def line(words: str) -> str:
    """Write each such character by its number, line ends and tabs too: what is one line stays one."""
    return _shown(words, "")


def json(document: str) -> str:
    """Write a document of JSON so that no runner of CI obeys a text in it; it means the same."""
    return COMMAND_IN_JSON.sub(r"\\u0023", document)


def _shown(words: str, kept: str) -> str:
    seen = words if words.isprintable() else "".join(map(_seen, words, itertools.repeat(kept)))
    return COMMAND.sub(_broken, seen)


def _seen(character: str, kept: str) -> str:
    if character in kept or unicodedata.category(character) not in UNSEEN:
        return character
    return character.encode("unicode_escape").decode()


def _broken(command: re.Match[str]) -> str:
    return f"{command[1]}\\x3a" if command[1] else "\\x23"
