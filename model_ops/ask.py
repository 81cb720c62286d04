"""Asks a served chat model a question, as any client of the endpoint does."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

import httpx

from model_ops.errors import WorkspaceError
from model_ops.loopback import is_loopback

PATIENCE = 300.0
"""Seconds; Databricks itself gives up on a request after 297."""


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
    return int(digits) if digits.isdigit() else None


def ask(url: str, token: str, question: str) -> Answer:
    """Send `question` as one user message to the invocations URL; raises WorkspaceError where no answer comes."""
    body = {"messages": [{"role": "user", "content": question}]}
    began = time.monotonic()
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=not is_loopback(url)) as client:
            response = client.post(url, json=body, headers={"Authorization": f"Bearer {token}"})
        response.raise_for_status()
        text = _text(response.json())
    except httpx.HTTPStatusError as error:
        raise WorkspaceError(f"{url} answered {error.response.status_code}: {error.response.text[:500]}") from None
    except (httpx.HTTPError, ValueError) as error:
        raise WorkspaceError(f"{url} gave no answer: {error}") from None
    return Answer(
        text=text,
        served_by=response.headers.get("served-model-name", ""),
        seconds=time.monotonic() - began,
    )


def _text(body: object) -> str:
    """The first prediction as text: a scoring server sends a list, bare or below `predictions`."""
    found = body.get("predictions", body) if isinstance(body, dict) else body
    while isinstance(found, list) and found:
        found = found[0]
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
