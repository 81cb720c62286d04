"""Who is let in: the Host header, the bearer token, and for browsers a cookie that stands for it."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.serving.errors import ApiError

OPEN_PATHS = frozenset({"/.well-known/databricks-config"})
"""What the SDKs ask before they authenticate."""
SIGNED = re.compile(r"/api/2\.0/fs/presigned/(download|part|abort)\?[!-~]*")
"""Addresses that hold a signature instead, which the API checks. Matched whole: no other path hides in one."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?")
"""A Host header with nothing but a name or an address and a port."""


class FrontDoor:
    """Lets in whoever has `token`, at the address `bind`:`port`."""

    def __init__(self, token: str, *, bind: str, port: int) -> None:
        self._token = token.encode()
        self._port = port
        self._names = {"localhost", "127.0.0.1", "::1", bind.lower()}
        self._wild = ipaddress.ip_address(bind).is_unspecified
        # Browsers keep cookies by host, not by port, hence the port in the name.
        self.cookie_name = f"rollpin-{port}"
        self.cookie = hmac.new(self._token, b"browser session", hashlib.sha256).hexdigest()

    def check_host(self, request: web.BaseRequest) -> None:
        """Refuse a host name that is not ours: a web page elsewhere may have made it point here (DNS rebinding)."""
        host = request.headers.get("Host", "")
        name = _hostname(host)
        if name not in self._names and not (self._wild and _is_address(name)):
            text = f"The Host header is {host!r}: this sandbox answers to 127.0.0.1:{self._port} and localhost alone."
            raise ApiError(403, "PERMISSION_DENIED", text)

    def check_credential(self, request: web.BaseRequest) -> None:
        """Refuse a request without a credential (401) or with a wrong one (403)."""
        given = request.headers.get("Authorization")
        if given is not None:
            self._check_bearer(given)
        elif self.cookie_name in request.cookies:
            self._check_cookie(request)
        else:
            raise _unauthenticated("Credential was not sent")

    def is_token(self, text: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(text.encode("utf-8", "surrogateescape"), self._token)

    def _check_bearer(self, given: str) -> None:
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer":
            raise _unauthenticated("The credential is of an unsupported type")
        if not self.is_token(token.strip()):
            raise ApiError(403, "PERMISSION_DENIED", "Invalid access token.")

    def _check_cookie(self, request: web.BaseRequest) -> None:
        given = request.cookies[self.cookie_name].encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self.cookie.encode()):
            raise ApiError(403, "PERMISSION_DENIED", "The session is not valid: sign in again at /login.")
        # SameSite does not tell ports apart: a page of another server on this machine counts as the same site.
        origin = request.headers.get("Origin")
        if request.method not in SAFE_METHODS and (origin is None or urlsplit(origin).netloc != request.host):
            raise ApiError(403, "PERMISSION_DENIED", "A change by cookie must come from the sandbox's own pages.")


def _unauthenticated(found: str) -> ApiError:
    text = f"{found}: send the sandbox's token in the header 'Authorization: Bearer …'."
    return ApiError(401, "UNAUTHENTICATED", text, {"WWW-Authenticate": "Bearer"})


@lru_cache(maxsize=64)
def _hostname(host: str) -> str:
    if not HOST.fullmatch(host):
        return ""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
