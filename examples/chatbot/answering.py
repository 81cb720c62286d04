"""From a request to the question in it, and from the passages found to the answer; standard library alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from examples.chatbot.passages import Passage

NOTHING_FOUND = "I found nothing about that in Rollpin's documents. Please ask in other words."
PERSON = frozenset({"user", "human"})


def question(request: Any) -> str:
    """Return the content of the last message that a person wrote; of the very last one if none did; else nothing.

    Messages come as dictionaries, or as LangChain messages, which say `type` for role and `human` for user.
    """
    messages: Sequence[Any] = request["messages"] if isinstance(request, Mapping) else request
    asked = [message for message in messages if _read(message, "role", "type") in PERSON] or list(messages)
    return str(_read(asked[-1], "content")) if asked else ""


def answer(passages: Sequence[Passage], *, cites: bool) -> str:
    """Return the passages' own words, each followed by where it stands if the version cites."""
    if not passages:
        return NOTHING_FOUND
    return "\n\n".join(f"{p.text}\n[{p.topic}: {p.title}]" if cites else p.text for p in passages)


def _read(message: Any, *names: str) -> Any:
    for name in names:
        value = message.get(name) if isinstance(message, Mapping) else getattr(message, name, None)
        if value is not None:
            return value
    return None
