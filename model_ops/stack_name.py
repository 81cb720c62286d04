"""What the engine takes for a stack's name."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def is_stack_name(text: str) -> bool:
    """Whether a stack can be named so; no name of dots alone, which would be another directory."""
    return _NAME.fullmatch(text) is not None and text.strip(".") != ""
