"""Whole bodies of ASGI messages, for what has to look at a request before the application does."""

from __future__ import annotations

from starlette.types import Message, Receive


async def whole(receive: Receive) -> bytes:
    """Give the body of a request, whose size the router bounds."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """Give the application the body that was read; after it, what `receive` still has to say."""
    replayed = False

    async def give() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give
