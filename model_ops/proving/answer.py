"""Asks a served chat model a question, as any client of the endpoint does."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from model_ops import user_agent
from model_ops.errors import WorkspaceError
from model_ops.loopback import is_loopback

PATIENCE = 300.0
"""Seconds; Databricks itself gives up on a request after 297."""
LONGEST = 18
"""Digits of a version."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an endpoint answered, which served entity did, and after how many seconds."""

    text: str
    served_by: str
    seconds: float

    @property
    def version(self) -> int | None:
        """The version that answered; None where the served entity's name tells none."""
        return version_of(self.served_by)


def version_of(served_entity: str) -> int | None:
    """Read the version from a served entity's name, `…-v7`; None where it names none."""
    digits = served_entity.rpartition("-v")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST else None


def ask(url: str, headers: Mapping[str, str], question: str) -> Answer:
    """Send `question` as one user message to the invocations URL; raises WorkspaceError where no answer comes."""
    began = time.monotonic()
    body, served_by = send(url, headers, {"messages": [{"role": "user", "content": question}]})
    return Answer(text=_text(body), served_by=served_by, seconds=time.monotonic() - began)


def send(url: str, headers: Mapping[str, str], body: Any) -> tuple[Any, str]:
    """Send a request as the scoring server takes it; give its answer and the served entity that made it.

    Raises WorkspaceError where no answer comes.
    """
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=not is_loopback(url)) as client:
            response = client.post(url, json=body, headers={**user_agent.header(), **headers})
        response.raise_for_status()
        return response.json(), response.headers.get("served-model-name", "")
    except httpx.HTTPStatusError as error:
        raise WorkspaceError(
            f"{url} answered {error.response.status_code}: {error.response.text[:500]}\n"
            "See what it serves: model-ops status. Whether you may ask it: access.query in the stack's file."
        ) from None
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        raise WorkspaceError(f"{url} gave no answer: {error}\nSee what it serves: model-ops status") from None


def bearer(token: str) -> dict[str, str]:
    """The headers that sign a request with a token."""
    return {"Authorization": f"Bearer {token}"}


def _text(body: object) -> str:
    """The first prediction as text: a scoring server sends a list, bare or below `predictions`."""
    found = body.get("predictions", body) if isinstance(body, dict) else body
    while isinstance(found, list) and found:
        found = found[0]
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
