"""Sends a served model a request, as any client of the endpoint does."""

from __future__ import annotations

import json
import textwrap
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from model_ops import user_agent
from model_ops.errors import WorkspaceError, first_line
from model_ops.loopback import is_loopback

PATIENCE = 300.0
"""Seconds; Databricks itself gives up on a request after 297."""
LONGEST = 18
"""Digits of a version."""
SHOWN = 300
"""Characters of what an endpoint says of a request that it refuses."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an endpoint answered, which served entity did, and after how many seconds."""

    prediction: Any
    """What it predicts: of one row that alone, of several a list."""
    served_by: str
    seconds: float
    version: int | None
    """The version that answered; None where nothing tells it."""

    @property
    def text(self) -> str:
        """The prediction as a reader sees it: a text as it is, all else as JSON."""
        return self.prediction if isinstance(self.prediction, str) else json.dumps(self.prediction, ensure_ascii=False)


class UnansweredError(WorkspaceError):
    """An endpoint refused a request, or failed on it: `status` is what it answered with, None where nothing came."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def version_of(served_entity: str) -> int | None:
    """Read the version from a served entity's name, `…-v7`; None where it names none."""
    digits = served_entity.rpartition("-v")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST else None


def answering_version(served_entity: str, names: Mapping[int, str]) -> int | None:
    """The version of a served entity, by the `names` that the endpoint has for its versions, or by its own name.

    One that somebody made by hand has any name.
    """
    by_name = {name: version for version, name in names.items()}
    return by_name.get(served_entity) or version_of(served_entity)


def ask(url: str, headers: Mapping[str, str], request: Any) -> Answer:
    """Send a request to the invocations URL, a text as one user message; raises UnansweredError."""
    body = {"messages": [{"role": "user", "content": request}]} if isinstance(request, str) else request
    began = time.monotonic()
    answer, served_by = send(url, headers, body)
    seconds = time.monotonic() - began
    return Answer(prediction=_prediction(answer), served_by=served_by, seconds=seconds, version=version_of(served_by))


def send(url: str, headers: Mapping[str, str], body: Any) -> tuple[Any, str]:
    """Send a request as the scoring server takes it; give its answer and the served entity that made it.

    Raises UnansweredError where no answer comes.
    """
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=not is_loopback(url)) as client:
            response = client.post(url, json=body, headers={**user_agent.header(), **headers})
        response.raise_for_status()
        return response.json(), response.headers.get("served-model-name", "")
    except httpx.HTTPStatusError as error:
        status, said = error.response.status_code, _said(error.response.text)
        raise UnansweredError(f"{url} answered {status}: {said}", status) from None
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        raise UnansweredError(f"{url} gave no answer: {first_line(error)}.") from None


def bearer(token: str) -> dict[str, str]:
    """The headers that sign a request with a token."""
    return {"Authorization": f"Bearer {token}"}


def _said(body: str) -> str:
    """What an error says, as a sentence: Databricks and MLflow put it below `message`."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    message = found.get("message") if isinstance(found, dict) else None
    text = textwrap.shorten(message if isinstance(message, str) else body, SHOWN, placeholder=" …") or "nothing"
    return text if text.endswith((".", "…", "!", "?")) else f"{text}."


def _prediction(body: object) -> Any:
    """A scoring server sends a list, bare or below `predictions`; that of one row is the row's own."""
    found = body.get("predictions", body) if isinstance(body, dict) else body
    while isinstance(found, list) and len(found) == 1:
        found = found[0]
    return found
