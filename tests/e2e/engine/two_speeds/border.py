"""A border before a sandbox: it writes down what is asked of it, and refuses what it is told to refuse."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

LEFT_OUT = ("host", "content-length", "transfer-encoding", "content-encoding", "connection", "date", "server")
"""Headers of one connection, which the other one has of its own."""
REFUSAL = {"error_code": "PERMISSION_DENIED", "message": "This identity has no right on the platform."}


class Request(NamedTuple):
    """What was asked, without its query."""

    method: str
    path: str


class Border:
    """Hands requests on to `upstream`; `refused` says of a path whether nobody gets through to it."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.asked: list[Request] = []
        self.refused: Callable[[str], bool] = lambda _: False

    @contextmanager
    def refusing(self, refused: Callable[[str], bool]) -> Iterator[list[Request]]:
        """Refuse some paths; gives what is asked meanwhile."""
        self.asked, self.refused = [], refused
        try:
            yield self.asked
        finally:
            self.refused = lambda _: False


@contextmanager
def standing(upstream: str) -> Iterator[tuple[str, Border]]:
    """Stand before `upstream` until the end of the block; gives the address to ask, and the border."""
    border = Border(upstream)
    with httpx.Client(base_url=upstream, timeout=300, trust_env=False) as client:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(border, client))
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", border
        finally:
            server.shutdown()
            server.server_close()
            thread.join(timeout=20)


def _handler(border: Border, client: httpx.Client) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            path = urlsplit(self.path).path
            border.asked.append(Request(self.command, path))
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if border.refused(path):
                self._answer(403, {"Content-Type": "application/json"}, json.dumps(REFUSAL).encode())
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() not in LEFT_OUT}
            answer = client.request(self.command, self.path, content=body, headers=headers)
            self._answer(answer.status_code, dict(answer.headers), answer.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in LEFT_OUT:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if self.command != "HEAD" else b"")

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output free of each request."""

    return Handler
