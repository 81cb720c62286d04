"""Translates artifact addresses at the workspace's door, so that each client sees the spelling that it works with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.workspace.registry.artifact_addresses import (
    MLFLOW,
    filter_to_mlflow,
    speaks_databricks,
    to_databricks,
    to_mlflow,
)
from sandbox.workspace.tracking.message_bodies import replay, whole

_TRANSLATED = re.compile(r"/api/\d\.\d/(mlflow|unity-catalog)/.*")
_ADDRESSES = frozenset(
    {"artifact_uri", "artifactUri", "artifact_location", "artifactLocation", "root_uri", "source", "storage_location"}
)
_FILTERS = frozenset({"filter", "filter_string"})
Spell = Callable[[str], str]


class Translation:
    """Passes requests on to `app`, translated both ways for those who come through one of Databricks' SDKs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not _wanted(scope):
            await self._app(scope, receive, send)
            return
        scope = dict(scope)
        scope["query_string"] = _translated_query(scope["query_string"])
        if scope["method"] in {"POST", "PUT", "PATCH"}:
            body = _translated_body(await whole(receive))
            headers = MutableHeaders(raw=list(scope["headers"]))
            headers["content-length"] = str(len(body))
            scope["headers"] = headers.raw
            receive = replay(body, receive)
        await self._app(scope, receive, _Reply(send).send)


class _Reply:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._parts: list[bytes] | None = None

    async def send(self, message: Message) -> None:
        """Hold JSON back until it is whole; let all else pass as it comes."""
        if message["type"] == "http.response.start" and _is_json(message):
            self._start, self._parts = message, []
        elif message["type"] == "http.response.body" and self._parts is not None:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._finish(b"".join(self._parts))
        else:
            await self._send(message)

    async def _finish(self, body: bytes) -> None:
        translated = translate(body, to_databricks) if MLFLOW.encode() in body else body
        headers = MutableHeaders(raw=list(self._start["headers"]))
        headers["content-length"] = str(len(translated))
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": translated})


def _wanted(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and _TRANSLATED.fullmatch(scope["path"]) is not None
        and speaks_databricks(Headers(scope=scope).get("user-agent", ""))
    )


def _is_json(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("application/json")


def _translated_query(query: bytes) -> bytes:
    if b"mlflow-tracking" not in query:
        return query
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return urlencode([(key, filter_to_mlflow(value) if key in _FILTERS else value) for key, value in pairs]).encode()


def _translated_body(body: bytes) -> bytes:
    return translate(body, to_mlflow) if b"mlflow-tracking" in body else body


def translate(body: bytes, spell: Spell) -> bytes:
    """Spell anew the addresses in a JSON text; one that does not parse is given back as it is."""
    try:
        return json.dumps(_walk(json.loads(body), spell)).encode()
    except (ValueError, RecursionError):
        return body


def _walk(value: Any, spell: Spell) -> Any:
    if isinstance(value, dict):
        return {key: _field(key, item, spell) for key, item in value.items()}
    if isinstance(value, list):
        return [_walk(item, spell) for item in value]
    return value


def _field(key: str, value: Any, spell: Spell) -> Any:
    if not isinstance(value, str):
        return _walk(value, spell)
    if key in _ADDRESSES:
        return spell(value)
    return filter_to_mlflow(value) if key in _FILTERS and spell is to_mlflow else value
