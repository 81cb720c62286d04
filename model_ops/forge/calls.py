"""HTTP calls to the place where pull requests live: signed in, patient with one that is busy, plain about a refusal."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from model_ops import printable, user_agent
from model_ops.errors import ForgeError, ReadOnlyError, UnsureError
from model_ops.loopback import is_loopback

if TYPE_CHECKING:
    import httpx

TRIES = 4
LONGEST = 60.0
"""Seconds that one wait may last, whatever the place asks for."""
BUSY = frozenset({429, 503})
"""Nothing was done, and may be later."""
BROKEN = frozenset({500, 502, 504})
"""It may have been done all the same."""
TIMEOUT = 30.0
"""Seconds in which an answer must come."""
SHOWN = 300
"""Characters of a refusal that are shown."""


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Calls below one address; the token goes into a header and nowhere else."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        """Refuse an address that a token would reach unencrypted; raises ForgeError."""
        if urlsplit(self.url).scheme != "https" and not is_loopback(self.url):
            raise ForgeError(f"{self.url} is no https address, and the token would go there in the clear. Name one.")

    def get(self, path: str, **parameters: str | int) -> Any:
        """Read something; raises ForgeError."""
        return _json(self.ask("GET", path, parameters=parameters))

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        """Write something and give the answer; raises ForgeError.

        That is ReadOnlyError where the token may only read, and UnsureError where a POST may have been done or not: to
        send it again is for who has looked.
        """
        return _json(self.ask(method, path, body=body, headers=headers))

    def ask(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str | int] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Call, again where the place is busy; raises ForgeError."""
        import httpx

        where = path if path.startswith(self.url) else f"{self.url.rstrip('/')}/{path}"
        said = {**self.headers, **user_agent.header(), **(headers or {})}
        with httpx.Client(timeout=TIMEOUT, headers=said, trust_env=not is_loopback(self.url)) as client:
            for left in reversed(range(TRIES)):
                try:
                    answer = client.request(method, where, params=parameters or None, json=body)
                except httpx.TransportError as error:
                    # What was sent may have been done: only what can be done twice is sent again.
                    words = f"{self.url} does not answer: {error or type(error).__name__}"
                    if method == "POST":
                        raise UnsureError(words) from None
                    if not left:
                        raise ForgeError(words) from None
                    self.sleep(2.0 ** (TRIES - left))
                    continue
                if not left or not _is_busy(answer, method):
                    return _taken(answer, method)
                self.sleep(_wait(answer, TRIES - left))
        raise AssertionError("the last try returns or raises")


def _is_busy(answer: httpx.Response, method: str) -> bool:
    """Whether the same call may go through later, and may be sent again."""
    return answer.status_code in BUSY or _is_limit(answer) or (answer.status_code in BROKEN and method != "POST")


def _is_limit(answer: httpx.Response) -> bool:
    """Whether it was asked too often: GitHub says so by 403 too, as docs.github.com/rest has it ("Rate limits")."""
    spent = answer.headers.get("x-ratelimit-remaining") == "0"
    return answer.status_code == 403 and ("retry-after" in answer.headers or spent)


def _wait(answer: httpx.Response, tried: int) -> float:
    try:
        asked = float(answer.headers.get("retry-after", ""))
    except ValueError:
        asked = 2.0**tried
    return min(max(asked, 0.0), LONGEST)


def _taken(answer: httpx.Response, method: str) -> httpx.Response:
    if answer.is_success:
        return answer
    said = f"{method} {answer.url.copy_with(query=None)} answers {answer.status_code}: {_reason(answer)}"
    if answer.status_code in BROKEN and method == "POST":
        raise UnsureError(said)
    if answer.status_code in BUSY or _is_limit(answer):
        raise ForgeError(f"{said}\nIt was asked too often, by this or by others with the token. Run this again later.")
    if answer.status_code == 403:
        raise ReadOnlyError(f"{said}\nThe token may not do that: see the `permissions` of the job, or of the token.")
    if answer.status_code in {401, 203}:
        raise ForgeError(f"{said}\nThe token is missing or has run out. Set it anew: GITHUB_TOKEN, SYSTEM_ACCESSTOKEN")
    raise ForgeError(said)


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        where = answer.url.copy_with(query=None)
        raise ForgeError(
            f"{where} answers {answer.status_code} without JSON: {_reason(answer)}\n"
            "That is a page for people, of a proxy or of a sign-in: see the address, the token, HTTPS_PROXY"
        ) from None


def _reason(answer: httpx.Response) -> str:
    try:
        said = answer.json()
        words = str(said.get("message") or said)
        more = "; ".join(str(each.get("message") or "") for each in said.get("errors") or () if isinstance(each, dict))
    except (ValueError, AttributeError):
        words, more = answer.text, ""
    return printable.line(f"{words}{f' ({more})' if more else ''}")[:SHOWN] or answer.reason_phrase
