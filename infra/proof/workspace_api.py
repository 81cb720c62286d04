"""Asks a workspace's REST API what no resource tells; the only module here that calls databricks-sdk."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from importlib.metadata import version
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from infra.proof import signing_in
from model_ops.served import Endpoint

if TYPE_CHECKING:
    from infra.proof.sdk import ApiClient

ME = "/api/2.0/preview/scim/v2/Me"
UNREADABLE = "unable to parse response"
"""What the SDK says of an answer that is no JSON."""
PRODUCT = "rollpin"
"""What the calls name themselves by, with its version, in their User-Agent."""


LONGEST = 1024 * 1024
"""Bytes of a file that is read: an MLmodel file has a few thousand."""


class UnansweredError(Exception):
    """The workspace does not answer, or refuses the credentials; the message says why, and holds none of them."""


class AbsentError(UnansweredError):
    """There is nothing at the path; the message is the workspace's own."""


class RefusedError(UnansweredError):
    """Whoever asks is not let in, or may not; the message says why."""


class ForeignError(UnansweredError):
    """What answers does not do so as Databricks does."""


class WorkspaceApi:
    """A workspace at `address`; credentials come from the environment, at the first question.

    While it cannot be reached, each question is repeated for `patience` seconds; None is the SDK's five minutes.
    """

    def __init__(self, address: str, resource_id: str | None, patience: int | None = None) -> None:
        self.address, self._resource_id, self._patience = address, resource_id, patience

    def within(self, seconds: int) -> WorkspaceApi:
        """The same workspace, with that patience."""
        return WorkspaceApi(self.address, self._resource_id, seconds)

    @cached_property
    def me(self) -> Mapping[str, Any]:
        """Who is signed in, as the workspace describes them; raises UnansweredError."""
        return self.get(ME) or {}

    def get(self, path: str) -> Mapping[str, Any] | None:
        """Get what is at `path`, None where there is nothing; raises UnansweredError."""
        try:
            return self.ask(path)
        except AbsentError:
            return None

    def endpoint(self, name: str) -> Endpoint | None:
        """The serving endpoint as the REST API sends it; None if there is none; raises UnansweredError."""
        return self.get(f"/api/2.0/serving-endpoints/{name}")

    def log(self, endpoint: str, entity: str) -> str:
        """What a served entity's model server wrote, or else the build of its container; empty where there is none."""
        served = f"/api/2.0/serving-endpoints/{quote(endpoint, safe='')}/served-models/{quote(entity, safe='')}"
        for kind in ("logs", "build-logs"):
            with suppress(UnansweredError):
                if written := str(self.ask(f"{served}/{kind}").get("logs") or "").strip():
                    return written
        return ""

    def ask(self, path: str) -> Mapping[str, Any]:
        """Get what is at `path`; raises AbsentError, and UnansweredError where that cannot be told."""
        from infra.proof.sdk import DatabricksError, NotFound, PermissionDenied, Unauthenticated

        client = self._signed_in()
        try:
            answer = client.do("GET", path)
        except (DatabricksError, JSONDecodeError) as error:
            if isinstance(error, JSONDecodeError) or UNREADABLE in str(error):
                raise ForeignError(_first_line(error)) from None
            if isinstance(error, Unauthenticated | PermissionDenied):
                raise RefusedError(_without_config(error)) from None
            raise (AbsentError if isinstance(error, NotFound) else UnansweredError)(_first_line(error)) from None
        except (ValueError, OSError) as error:
            raise UnansweredError(_first_line(error)) from None
        if not isinstance(answer, dict):
            raise ForeignError("it answers with something else than a JSON object")
        return answer

    def text(self, path: str) -> str:
        """Read the file at `path`, which is text and no longer than `LONGEST`; raises UnansweredError."""
        from infra.proof.sdk import DatabricksError

        headers = {"Accept": "application/octet-stream"}
        try:
            answer = cast("dict[str, Any]", self._client.do("GET", path, raw=True, headers=headers))
            with answer["contents"] as file:
                content = bytes(file.read(LONGEST + 1))
        except (DatabricksError, ValueError, OSError) as error:
            raise UnansweredError(_first_line(error)) from None
        if len(content) > LONGEST:
            raise UnansweredError(f"it has more than {LONGEST} bytes")
        return content.decode(errors="replace")

    def _signed_in(self) -> ApiClient:
        """The client; raises RefusedError where the environment has nothing to sign in by."""
        try:
            return self._client
        except (ValueError, OSError) as error:
            raise RefusedError(_without_config(error)) from None

    @cached_property
    def _client(self) -> ApiClient:
        from infra.proof.sdk import ApiClient, Config

        _introduce()
        config = Config(
            host=self.address,
            azure_workspace_resource_id=self._resource_id if signing_in.by_azure(os.environ) else None,
            retry_timeout_seconds=self._patience,
        )
        return ApiClient(config)


def _introduce() -> None:
    """Have the SDK name this project, in the question ahead of signing in too, and not warn of what is raised here."""
    from infra.proof.sdk import useragent

    useragent.with_product(PRODUCT, version(PRODUCT))
    logging.getLogger("databricks.sdk").addHandler(logging.NullHandler())


def _without_config(error: BaseException) -> str:
    """What went wrong, without the settings that the SDK adds: they are this client's, and nobody typed them."""
    return _first_line(error).partition(". Config: ")[0]


def _first_line(error: BaseException) -> str:
    """What went wrong, in one line; a time-out with what it was that kept failing."""
    line = (str(error).splitlines() or [type(error).__name__])[0]
    return f"{line}: {_first_line(error.__cause__)}" if isinstance(error, TimeoutError) and error.__cause__ else line
