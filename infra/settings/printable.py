"""Shows what a reader would not see, or a terminal obey: control characters, escapes, turned and hidden text.

`infra` and `model_ops` print and import nothing of each other, so this module stands in both, byte for byte; a test
holds that.
"""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of controls, formats (directions, zero widths), halves of pairs, and separators of lines."""


def text(words: str) -> str:
    """Write each such character by its number, as Python does; line ends and tabs stay."""
    return _shown(words.replace("\r\n", "\n"), "\n\t")


def line(words: str) -> str:
    """Write each such character by its number, line ends and tabs too: what is one line stays one."""
    return _shown(words, "")


def _shown(words: str, kept: str) -> str:
    if words.isprintable():
        return words
    return "".join(
        each if each in kept or unicodedata.category(each) not in UNSEEN else _escape(each) for each in words
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()
