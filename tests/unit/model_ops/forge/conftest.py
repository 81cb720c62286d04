"""A stand-in for the parts of GitHub and of Azure DevOps that are called, over HTTP, on this machine."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

Answer = tuple[int, Any, dict[str, str]]


@dataclass
class Place:
    """What is kept there, and what is answered instead, in turn."""

    answers: dict[tuple[str, str], Callable[[re.Match[str], dict[str, str], Any], Any]] = field(default_factory=dict)
    first: list[Answer] = field(default_factory=list)
    calls: list[tuple[str, str, Any, dict[str, str]]] = field(default_factory=list)
    lost: int = 0
    """So many answers to a POST are lost, of what was done all the same."""
    page: str = ""
    """What a proxy answers instead."""
    url: str = ""

    def on(self, method: str, path: str, give: Callable[..., Any]) -> None:
        self.answers[method, path] = give

    def answer(self, method: str, target: str, body: Any, headers: dict[str, str]) -> Answer:
        address = urlsplit(target)
        self.calls.append((method, address.path, body, headers))
        if self.first:
            return self.first.pop(0)
        if address.path == "/user":  # no token of a workflow may ask who it is
            return 403, {"message": "Resource not accessible by integration"}, {}
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        for (known, pattern), give in self.answers.items():
            if known == method and (found := re.fullmatch(pattern, address.path)):
                done = give(found, asked, body)
                self.lost, lost = max(0, self.lost - (method == "POST")), self.lost and method == "POST"
                return (502, {}, {}) if lost else (200, done, {})
        return 404, {"message": "Not Found"}, {}


def handler(place: Place) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            pass

        def reply(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, said, headers = place.answer(
                self.command, self.path, body, {name.lower(): value for name, value in self.headers.items()}
            )
            text = (place.page or json.dumps(said)).encode()
            self.send_response(status)
            for name, value in {
                "content-type": "application/json",
                "content-length": str(len(text)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = reply

    return Handler


@pytest.fixture
def place() -> Iterator[Place]:
    place = Place()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(place))
    place.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield place
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Hub:
    """One repository as GitHub keeps it."""

    place: Place
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        on, base = self.place.on, r"/repos/team/models"
        on("GET", rf"{base}/issues/7/comments", lambda _, asked, body: self.paged(self.comments, asked))
        on("POST", rf"{base}/issues/\d+/comments", lambda _, asked, body: self.add(self.comments, body))
        on("PATCH", rf"{base}/issues/comments/(\d+)", lambda at, _, body: self.change(self.comments, at, body))
        on("GET", rf"{base}/issues", lambda _, asked, body: self.paged(self.opened(self.issues), asked))
        on("POST", rf"{base}/issues", lambda _, asked, body: self.add(self.issues, body))
        on("PATCH", rf"{base}/issues/(\d+)", lambda at, _, body: self.change(self.issues, at, body))
        on(
            "GET",
            rf"{base}/pulls",
            lambda _, asked, body: [each for each in self.pulls if each["head"]["label"] == asked["head"]],
        )
        on(
            "POST",
            rf"{base}/pulls",
            lambda _, asked, body: self.add(self.pulls, body | {"head": self.head(body["head"])}),
        )

    def head(self, branch: str, repository: str = "team/models") -> dict[str, Any]:
        owner = repository.partition("/")[0]
        return {"ref": branch, "label": f"{owner}:{branch}", "repo": {"full_name": repository}}

    def add(
        self, kept: list[dict[str, Any]], body: dict[str, Any], login: str = "github-actions[bot]"
    ) -> dict[str, Any]:
        number = len(kept) + 1
        own = {"id": number, "number": number, "state": "open", "user": {"login": login}}
        kept.append({**own, "html_url": f"https://hub/{number}", **body})
        return kept[-1]

    def change(self, kept: list[dict[str, Any]], at: re.Match[str], body: dict[str, Any]) -> dict[str, Any]:
        found = next(each for each in kept if each["id"] == int(at[1]))
        found.update(body)
        return found

    def opened(self, kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [each for each in kept if each["state"] == "open"]

    def paged(self, kept: list[dict[str, Any]], asked: dict[str, str]) -> list[dict[str, Any]]:
        size, page = int(asked["per_page"]), int(asked["page"])
        return kept[(page - 1) * size : page * size]


@pytest.fixture
def hub(place: Place, monkeypatch: pytest.MonkeyPatch) -> Hub:
    for name in ("SYSTEM_ACCESSTOKEN", "TF_BUILD", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_RUN_ID", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_API_URL", place.url)
    monkeypatch.setenv("GITHUB_REPOSITORY", "team/models")
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    return Hub(place)
