"""Holds what a page shows of a message to the message itself, in the test that brings it about."""

from __future__ import annotations

from tests.documents import excerpt
from tests.documents.block import Block, blocks, written_by_hand
from tests.documents.typed_command import typed


def confirm(name: str, printed: str) -> None:
    """Compare with what was printed the block that says `<!-- shows: NAME -->`; it may be a part of it."""
    (block,) = shown(name)
    words = "".join(line for line in block.text.splitlines(keepends=True) if not line.startswith("$ "))
    assert excerpt.fits(f"…\n{words}…\n", printed), f"{block} shows what is not printed any more:\n{printed}"


def commands(test: str) -> list[list[str]]:
    """The words of each command of the block that this test holds whole, without the program's name."""
    (block,) = shown(test)
    return [words for _, *words in typed(block)]


def shown(name: str) -> list[Block]:
    """The blocks that show what is printed under a name."""
    every = (block for page in written_by_hand() for block in blocks(page))
    return [block for block in every if block.kind == "shows" and block.of == name]
