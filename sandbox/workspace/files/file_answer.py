"""The answer that gives a file, or the part of it that a request asks for."""

from __future__ import annotations

from fastapi.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from sandbox.workspace.api.errors import ApiError, answer


class FileAnswer(FileResponse):
    """Gives a file; a header Range that names no part of it gets 416 in Databricks' form."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        refused = False

        async def hold_back(message: Message) -> None:
            nonlocal refused
            refused = refused or message.get("status") in {400, 416}
            if not refused:
                await send(message)

        await super().__call__(scope, receive, hold_back)
        if refused:
            size = self.headers["content-length"]
            message = f"Range: it names no part of a file of {size} bytes; send 'bytes=<first>-<last>' or leave it out."
            refusal = answer(ApiError(416, "RANGE_NOT_SATISFIABLE", message))
            refusal.headers["content-range"] = f"bytes */{size}"
            await refusal(scope, receive, send)
