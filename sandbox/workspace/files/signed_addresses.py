"""Signed addresses: whoever has one may do, for a while, the one thing with the one file that it names."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from sandbox.workspace.api.errors import ApiError, invalid

PREFIX = "/api/2.0/fs/presigned"
"""The addresses that the router lets in without a token; `sandbox.serving.front_door` has the same."""
LONGEST = 3600.0
"""Seconds that an address is good for at most."""


class Signer:
    """Makes and checks signed addresses with a key that comes from the workspace's token."""

    def __init__(self, token: str) -> None:
        self._key = hmac.new(token.encode(), b"presigned files", hashlib.sha256).digest()

    def sign(self, deed: str, fields: Mapping[str, str], expire_time: str) -> str:
        """Give path and query of the address for a deed; raises ApiError for a time that is none."""
        given = {**fields, "expires": str(int(_expiry(expire_time)))}
        return f"{PREFIX}/{deed}?{urlencode({**given, 'signature': self._signature(deed, given)})}"

    def check(self, deed: str, fields: Mapping[str, str]) -> None:
        """Raise ApiError unless these are the fields of an address that this workspace made and is still good."""
        given = {name: value for name, value in fields.items() if name != "signature"}
        if not hmac.compare_digest(fields.get("signature", "").encode(), self._signature(deed, given).encode()):
            raise ApiError(403, "PERMISSION_DENIED", "The signature of this address is not valid.")
        if float(given["expires"]) < time.time():
            raise ApiError(403, "PERMISSION_DENIED", "This address has expired: ask for another one.")

    def _signature(self, deed: str, fields: Mapping[str, str]) -> str:
        return hmac.new(self._key, urlencode([("deed", deed), *sorted(fields.items())]).encode(), "sha256").hexdigest()


def _expiry(expire_time: str) -> float:
    try:
        wanted = datetime.fromisoformat(expire_time).timestamp()
    except ValueError:
        raise invalid(f"expire_time: a time such as 2030-01-01T00:00:00Z, found {expire_time[:80]!r}.") from None
    return min(wanted, time.time() + LONGEST)
