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

COMMAND = re.compile(r"(?<=#)#(?=(?:vso)?\[)|^([^\S\n]*:):(?=[A-Za-z][^\n]*::)", re.IGNORECASE | re.MULTILINE)
"""What CI takes for a command in a line of a log: Azure Pipelines `##vso[…]` and GitHub `##[…]`, anywhere in the line;
GitHub also `::…::` at its beginning. See the sources of both runners: `Command.TryParse`, `ActionCommand.TryParse`."""


def text(words: str) -> str:
    """Write each such character by its number, as Python does, and one of a command; line ends and tabs stay."""
    return _shown(words.replace("\r\n", "\n"), "\n\t")


def line(words: str) -> str:
    """Write each such character by its number, line ends and tabs too: what is one line stays one."""
    return _shown(words, "")


def _shown(words: str, kept: str) -> str:
    seen = words if words.isprintable() else "".join(map(_seen, words, itertools.repeat(kept)))
    return COMMAND.sub(_broken, seen)


def _seen(character: str, kept: str) -> str:
    if character in kept or unicodedata.category(character) not in UNSEEN:
        return character
    return character.encode("unicode_escape").decode()


def _broken(command: re.Match[str]) -> str:
    return f"{command[1]}\\x3a" if command[1] else "\\x23"
