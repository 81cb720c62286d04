"""One HTTP/1.1 response from a model server, parsed by httptools as its bytes arrive."""

from __future__ import annotations

from dataclasses import dataclass

import httptools

MOST_HEAD = 64 * 1024
"""Bytes before the body that a model server may send."""


class MalformedError(ConnectionError):
    """What arrived is no HTTP response."""


@dataclass(frozen=True)
class Reply:
    """A whole response; the names of its headers are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    keep: bool
    """Whether the connection can take another request."""


class ReplyReader:
    """Collects the bytes of one response; the `on_…` methods are httptools' callbacks."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._in_body = self._whole = self._keep = False
        self._head_bytes = 0

    def feed(self, data: bytes) -> Reply | None:
        """Take what has arrived; return the response once it is whole. Raises MalformedError."""
        if not self._in_body:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise MalformedError(str(error.__context__ or error)) from None
        if not self._in_body and self._head_bytes > MOST_HEAD:
            raise MalformedError(f"a head of more than {MOST_HEAD} bytes")
        if not self._whole:
            return None
        return Reply(self._parser.get_status_code(), self._headers, b"".join(self._body), self._keep)

    def on_message_begin(self) -> None:
        """Refuse a second response: nobody asked for one."""
        if self._whole:
            raise MalformedError("more bytes than the length that was announced")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1").strip()

    def on_headers_complete(self) -> None:
        """Refuse a body whose end only the connection's would tell: a lost one would pass for whole."""
        if "content-length" not in self._headers and "transfer-encoding" not in self._headers:
            raise MalformedError("a body of no announced length")
        self._in_body = True

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Note that the response is whole; the parser forgets about the connection right after."""
        self._whole, self._keep = True, self._parser.should_keep_alive()
