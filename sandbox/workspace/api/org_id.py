"""The workspace's number on each of its answers, from which clients take a run's workspace."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-databricks-org-id"


class OrgId:
    """Passes requests on to `app`, and sets the header on what comes back."""

    def __init__(self, app: ASGIApp, workspace_id: int) -> None:
        self._app = app
        self._number = str(workspace_id)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = self._number
            await send(message)

        await self._app(scope, receive, mark if scope["type"] == "http" else send)
