"""Reads and removes a model's canary in a stack file's text, all else kept to the byte."""

from __future__ import annotations

from model_ops.errors import PinError
from model_ops.pinning.cut_text import StaysError, loaded, without
from model_ops.pinning.setting_text import MODELS

KEY = "canary"


def canary(text: str, model: str) -> int | None:
    """Read the version of the canary that `text` has of `model`; None where it has none that is a plain number."""
    found = loaded(text)
    for name in (*MODELS, model, KEY, "version"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if type(found) is int else None


def without_canary(text: str, model: str) -> str:
    """Give the text without the canary of `model`, with what its own lines say of it, and nothing else changed.

    Raises PinError where it cannot go alone.
    """
    try:
        return without(text, model, KEY)
    except StaysError as reason:
        raise PinError(
            f"the version is the canary of {model}, which must go from the file with that, and cannot: {reason}. "
            "Remove it, then pin anew."
        ) from None
