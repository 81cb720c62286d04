"""What served entities refer to as secrets: asked of the workspace's API whenever a model server starts."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from model_ops.secret_reference import SecretReference, in_environment
from sandbox.serving.upstream import Upstream
from sandbox.serving.wire import Reply

LONGEST_ASK = 60.0
"""Seconds that the API gets to answer; while it is being started, its socket lets the question wait."""
ATTEMPTS = 3
"""How often a question is sent that the API dies over."""


class UnresolvedError(OSError):
    """A reference leads to no value that a process can have; the message names the variable, never a value."""


class SecretValues:
    """Asks the API that listens at `path`, which answers only where the scope's ACL allows it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def resolve(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return the values by the variables that refer to them; raises UnresolvedError."""
        references = in_environment(environment)
        return {name: await self._value(name, reference) for name, reference in references.items()}

    async def _value(self, name: str, reference: SecretReference) -> str:
        try:
            async with asyncio.timeout(LONGEST_ASK):
                reply = await self._ask(reference)
        except (OSError, TimeoutError):
            raise UnresolvedError(f"{name}: the workspace's API does not say what {reference} is") from None
        answer = json.loads(reply.body)
        if reply.status != 200:
            raise UnresolvedError(f"{name}: {answer['message']}")
        return _text(name, reference, base64.b64decode(answer["value"]))

    async def _ask(self, reference: SecretReference) -> Reply:
        query = urlencode({"scope": reference.scope, "key": reference.key})
        request = f"GET /api/2.0/secrets/get?{query} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        for attempt in range(ATTEMPTS):
            try:
                return await Upstream(self._path).ask(request.encode())
            except ConnectionError:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")


def _text(name: str, reference: SecretReference, value: bytes) -> str:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UnresolvedError(f"{name}: the value of {reference} is no text, which a variable has to be")
    return text
