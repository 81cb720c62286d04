"""The words of the engine: which of its operations are news, and what is left of a message without its wrapping."""

from __future__ import annotations

import re

SCAFFOLDING = ("pulumi:", "rollpin:")
"""Types that exist in the engine alone: the stack, providers and components."""
SAME = "same"
QUIET = frozenset({SAME, "read", "refresh"})
"""Operations that are no news when they begin; what a refresh found is, when it ends."""
HALVES = frozenset({"create-replacement", "delete-replaced"})
"""What a replacement is made of: the step `replace` says it whole."""
_NOISE = re.compile(r"^(using \S+ from|error: (update|preview|refresh|destroy) failed|(update|preview) failed$)")


def operation(name: str, *, retained: bool) -> str:
    """What the engine does; to `forget` is to delete from its state what stays in the workspace."""
    return "forget" if name == "delete" and retained else name


def uncoloured(said: str) -> str:
    """What was said without the engine's colour marks, as its CLI writes it into documents."""
    return re.sub(r"<\{%.*?%\}>", "", said)


def message(said: str) -> str:
    """The message without colour marks, and without what the released provider wraps around its own; empty if noise."""
    text = uncoloured(said).strip()
    if re.match(r"\d+ errors? occurred:", text):
        text = text.rpartition("* ")[2]
    text = re.sub(r"^sdk-v2/\S+ sdk\.helper_schema: |: provider=\S+$", "", text).strip()
    return "" if _NOISE.match(text) else text


def known(text: str, errors: list[str]) -> bool:
    """Whether one of `errors` says the same: the engine repeats a message with less or more around it."""
    return any(text in other or other in text for other in errors)
