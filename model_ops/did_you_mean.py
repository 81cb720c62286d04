"""Asks back about a name that is not known: the near one, in the message that refuses it."""

from __future__ import annotations

from collections.abc import Iterable

from model_ops.nearest_word import nearest


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence to put behind the list of what is known, with a space before it; empty where nothing is near."""
    near = nearest(word, known)
    return f" Did you mean {near}?" if near else ""
