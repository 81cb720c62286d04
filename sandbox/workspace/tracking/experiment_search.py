"""Lists and searches of experiments as Databricks takes them: all fields may be left out, and there is a list.

MLflow's server asks for `max_results` (mlflow/mlflow#10819), and has no list any more. Databricks has both:
https://docs.databricks.com/api/experiments/v1/search-experiments
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.workspace.tracking.message_bodies import replay, whole

MOST = 1000
"""Experiments of a page where the caller does not say: as many as MLflow's own client asks for."""
_ASKED = re.compile(r"(/(?:ajax-)?api/2\.0/mlflow/experiments/)(search|list)")


class ExperimentSearch:
    """Passes requests on to `app`, with what they have left out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked = _ASKED.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if asked and scope["method"] == "GET":
            path = f"{asked[1]}search"
            scope = {**scope, "path": path, "raw_path": path.encode(), "query_string": _query(scope["query_string"])}
        elif asked and asked[2] == "search" and scope["method"] == "POST":
            body = _body(await whole(receive))
            headers = MutableHeaders(raw=list(scope["headers"]))
            headers["content-type"], headers["content-length"] = "application/json", str(len(body))
            scope, receive = {**scope, "headers": headers.raw}, replay(body, receive)
        await self._app(scope, receive, send)


def _query(query: bytes) -> bytes:
    given = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    return urlencode({"max_results": MOST, **given}).encode()


def _body(body: bytes) -> bytes:
    try:
        sent: Any = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return body  # MLflow says what is wrong with it
    # MLflow reads its requests as protobuf, which takes both spellings.
    if not isinstance(sent, dict) or any(sent.get(name) is not None for name in ("max_results", "maxResults")):
        return body
    return json.dumps({**sent, "max_results": MOST}).encode()
