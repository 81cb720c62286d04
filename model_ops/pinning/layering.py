"""Lays settings over those that they go before.

`infra` and `model_ops` read the same defaults and import nothing of each other, so this module stands in both, byte for
byte; a test holds that.
"""

from __future__ import annotations

from typing import Any


def over(own: Any, below: Any) -> Any:
    """Give `own` over `below`: mappings key by key; of anything else, lists too, `own` alone."""
    if not (isinstance(own, dict) and isinstance(below, dict)):
        return own
    return {**{key: over(value, below.get(key)) for key, value in own.items()}, **_lacking(own, below)}


def _lacking(own: dict[str, Any], below: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in below.items() if key not in own}
