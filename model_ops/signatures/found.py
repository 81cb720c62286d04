"""A value that was found, in words for a message."""

from __future__ import annotations

import json
import textwrap
from typing import Any

SHOWN_TEXT = 17
SHOWN_KEYS = 5


def in_words(found: Any) -> str:
    """Describe a JSON value shortly, such as `a plain text: 'Hello, how can …'`."""
    match found:
        case None | bool():
            return json.dumps(found)
        case int() | float():
            return f"the number {found}"
        case str():
            return f"a plain text: '{_shortened(found)}'"
        case list():
            return f"a list of {len(found)}"
        case dict():
            more = ", …" if len(found) > SHOWN_KEYS else ""
            return f"an object with {', '.join(map(str, [*found][:SHOWN_KEYS])) or 'nothing'}{more}"
    return f"a Python {type(found).__name__}"


def _shortened(text: str) -> str:
    shown = textwrap.shorten(text, SHOWN_TEXT, placeholder=" …")
    return f"{text[: SHOWN_TEXT - 1]}…" if shown == "…" else shown
