"""What Unity Catalog asks of a tag, from Databricks' page on tags of securable objects."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sandbox.workspace.api.errors import invalid

LONGEST_KEY, LONGEST_VALUE, MOST = 255, 1000, 50
_FORBIDDEN = re.compile(r"[.,\-=/:]")


def check_tags(held: Mapping[str, str], added: Mapping[str, str]) -> None:
    """Raise ApiError where Unity Catalog would refuse to add tags to an object that holds others."""
    for key, value in added.items():
        _check_key(key)
        if len(value) > LONGEST_VALUE or value != value.strip():
            raise invalid(f"Tag '{key}' has a value with spaces around it, or of more than {LONGEST_VALUE} characters.")
    if len(held.keys() | added.keys()) > MOST:
        raise invalid(f"An object has at most {MOST} tags.")


def _check_key(key: str) -> None:
    if found := _FORBIDDEN.search(key):
        raise invalid(f"Tag key '{key[:80]}' holds '{found.group()}'; none of . , - = / : may be in the key of a tag.")
    if not 1 <= len(key) <= LONGEST_KEY or key != key.strip():
        raise invalid(f"Tag key '{key[:80]}' is not 1 to {LONGEST_KEY} characters without spaces around them.")
