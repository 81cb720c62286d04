"""The gate before MLflow's server: what a workspace has of it, and by which rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from anyio.to_thread import run_sync
from starlette.types import ASGIApp, Receive, Scope, Send
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map

from sandbox.workspace.api.errors import ApiError, absent, answer
from sandbox.workspace.registry.version_files import check_unreserved
from sandbox.workspace.tracking.message_bodies import replay, whole

_ABSENT = re.compile(
    r"/gateway(/.*)?"
    r"|/(ajax-)?api/\d\.\d/jobs(/.*)?"
    r"|/(ajax-)?api/\d\.\d/mlflow/"
    r"(gateway|gateway-proxy|assistant|jobs|mcp-servers|prompt-optimization|webhooks|workspaces)(/.*)?"
    r"|/(ajax-)?api/\d\.\d/mlflow/(scorer|issues|genai/evaluate)/invoke"
)
_RULED = re.compile(r"/(?:ajax-)?api/2\.0/mlflow/([a-z-]+(?:/[a-z-]+)?)")
_ARTIFACT = re.compile(r"/(?:ajax-)?api/2\.0/mlflow-artifacts/(?:artifacts|mpu/[a-z]+)/(.*)", re.DOTALL)
_OUTSIDE_FLASK = frozenset({"/v1/traces"})

Rule = Callable[[dict[str, Any]], None]
"""What a workspace asks of a request to MLflow, or does before it: takes the body, raises ApiError to refuse it."""


class Gate:
    """Lets through what a workspace has of MLflow's server by its rules, and answers 501 to all else."""

    def __init__(self, app: ASGIApp, url_map: Map, rules: Mapping[str, Rule]) -> None:
        self._app = app
        self._urls = url_map.bind("127.0.0.1")
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check_route(scope)
            if (ruled := _RULED.fullmatch(scope["path"])) and (rule := self._rules.get(ruled[1])):
                receive = await _follow(rule, receive)
        except ApiError as error:
            await answer(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check_route(self, scope: Scope) -> None:
        path = scope["path"]
        what = f"{scope['method']} {path[:200]}"
        if _ABSENT.fullmatch(path):
            raise absent(what)
        if scope["method"] not in {"GET", "HEAD"} and (artifact := _ARTIFACT.fullmatch(path)):
            check_unreserved(artifact[1])
        if path in _OUTSIDE_FLASK:
            return
        try:
            self._urls.match(path, scope["method"])
        except (NotFound, MethodNotAllowed):
            raise absent(what) from None
        except HTTPException:
            return


async def _follow(rule: Rule, receive: Receive) -> Receive:
    body = await whole(receive)
    await run_sync(rule, _decode(body))
    return replay(body, receive)


def _decode(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body)
        # MLflow takes JSON in JSON, which its old clients sent.
        sent = json.loads(sent) if isinstance(sent, str) else sent
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}
