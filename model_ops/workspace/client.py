"""The one place that calls databricks-sdk: signs in, asks a path, and says what went wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from model_ops import user_agent
from model_ops.commands import Commands
from model_ops.errors import AbsentError, WorkspaceError, first_line
from model_ops.loopback import is_loopback, reach_directly
from model_ops.served import Endpoint
from model_ops.workspace import credentials
from model_ops.workspace.reach import reach

if TYPE_CHECKING:
    from model_ops.sdk import ApiClient, Config

PATIENCE = 20
"""Seconds for which a question is asked again; the SDK's own five minutes look like a hang."""
LONGEST_CALL = 60
"""Seconds without a byte of an answer."""
BOUNDS: dict[str, Any] = {"retry_timeout_seconds": PATIENCE, "http_timeout_seconds": LONGEST_CALL}
MOST_PAGES = 10_000
"""A list that goes on beyond this has no end."""
OF_SANDBOX = Commands(stack="local")
"""Those for the checkout's own sandbox."""
JSON = {"Accept": "application/json", "Content-Type": "application/json"}


class Workspace:
    """A workspace at `url`; credentials come from the environment or a profile, or are the sandbox's token.

    `commands` are those for the stack that lives there, for what is to be typed where it does not answer.
    """

    def __init__(self, url: str, token: str | None = None, commands: Commands = OF_SANDBOX) -> None:
        self.url, self.token, self._commands = url.rstrip("/"), token, commands
        self._signing_in = Lock()
        reach_directly(url)

    @cached_property
    def profile(self) -> str | None:
        """The profile that signs in here; None where the environment or the token does; raises WorkspaceError."""
        return credentials.profile(self.url, os.environ) if self.token is None else None

    def ask(self, path: str, query: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Get what is at `path`; raises AbsentError where there is nothing, and WorkspaceError."""
        return self.send("GET", path, query=query)

    def send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """Send a request and give what comes back; raises AbsentError and WorkspaceError."""
        sent = dict(body) if body is not None else None
        answer = self._do(method, path, query=dict(query or {}), body=sent, headers=dict(JSON))
        if not isinstance(answer, dict):
            raise self.unexpected(path)
        return answer

    def part(self, path: str, query: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """Get the object `name` of what is at `path`; raises AbsentError and WorkspaceError."""
        found = self.ask(path, query).get(name)
        if not isinstance(found, dict):
            raise self.unexpected(path)
        return found

    def unexpected(self, path: str) -> WorkspaceError:
        """Say that an answer is not what this workspace should give."""
        return WorkspaceError(
            f"{self.url} answers {path} with something else than Databricks does.\n"
            "Check the address: is it the workspace's own, and no proxy or sign-in page?"
        )

    def pages(self, path: str, query: Mapping[str, Any], *, method: str = "GET") -> Iterator[Mapping[str, Any]]:
        """Get every page of a list, one request a page; raises AbsentError and WorkspaceError."""
        sent = dict(query)
        for _ in range(MOST_PAGES):
            page = self.ask(path, sent) if method == "GET" else self.send(method, path, body=sent)
            yield page
            if not (token := page.get("next_page_token")):
                return
            sent["page_token"] = token
        raise self.unexpected(path)

    def open(self, path: str) -> BinaryIO:
        """Open the bytes at `path` for reading; raises AbsentError and WorkspaceError."""
        answer = self._do("GET", path, headers={"Accept": "application/octet-stream"}, raw=True)
        return cast("BinaryIO", cast("dict[str, Any]", answer)["contents"])

    def endpoint(self, name: str) -> Endpoint | None:
        """The serving endpoint as the REST API sends it; None if there is none; raises WorkspaceError."""
        try:
            return self.ask(f"/api/2.0/serving-endpoints/{name}")
        except AbsentError:
            return None

    def me(self) -> str:
        """The name by which this workspace knows the caller: a user's name or an application id."""
        return str(self.ask("/api/2.0/preview/scim/v2/Me").get("userName", ""))

    def authorization(self) -> dict[str, str]:
        """The headers that sign a request in which the SDK does not send itself; raises WorkspaceError."""
        try:
            return dict(self._signed_in_config.authenticate())
        except ValueError as error:
            raise self._unsigned(error) from None

    def _do(self, method: str, path: str, **options: Any) -> object:
        from model_ops.sdk import DatabricksError, NotFound

        try:
            return self._client.do(method, path, **options)
        except NotFound as error:
            raise AbsentError(f"{self.url} says: {first_line(error)}") from None
        except (DatabricksError, OSError, TimeoutError, ValueError) as error:
            raise self._failed(error, f"{method} {path.partition('?')[0]}") from None

    def _failed(self, error: Exception, asked: str) -> WorkspaceError:
        from model_ops.sdk import DatabricksError, PermissionDenied, Unauthenticated

        said = first_line(error)
        if isinstance(error, Unauthenticated):
            return WorkspaceError(f"{self.url} does not take the credentials: {said}\n{self._sign_in}")
        if isinstance(error, PermissionDenied):
            return WorkspaceError(
                f"{self.url} refuses {asked}: {said}\n{self._sign_in} If they are good, ask whoever owns it for access."
            )
        if isinstance(error, DatabricksError):
            return WorkspaceError(f"{self.url} refuses {asked}: {said}")
        return WorkspaceError(f"{self.url} does not answer {asked}: {said}\n{self._start}")

    @property
    def _client(self) -> ApiClient:
        with self._signing_in:  # several threads ask at once, and signing in costs a call
            return self._signed_in

    @property
    def _signed_in_config(self) -> Config:
        with self._signing_in:
            return self._config

    @cached_property
    def _signed_in(self) -> ApiClient:
        from model_ops.sdk import ApiClient

        return ApiClient(self._config)

    @cached_property
    def _config(self) -> Config:
        from model_ops.sdk import Config

        profile = self.profile  # ahead of anything that is sent
        reach(self.url, self._commands.sandbox)
        user_agent.introduce()
        common: dict[str, Any] = {**BOUNDS, **user_agent.product()}
        try:
            if profile is not None:
                with credentials.environment_hidden():
                    return Config(profile=profile, **common)
            own: dict[str, Any] = {} if self.token is None else {"token": self.token, "auth_type": "pat"}
            return Config(host=self.url, **common, **own)
        except ValueError as error:
            raise self._unsigned(error) from None

    def _unsigned(self, error: ValueError) -> WorkspaceError:
        return WorkspaceError(
            f"No credentials for {self.url}: {first_line(error)}\n"
            "Set DATABRICKS_TOKEN, or the ARM_* variables of a service principal, and run this again."
        )

    @property
    def _start(self) -> str:
        if is_loopback(self.url):
            return f"Start the sandbox if it does not run ({self._commands.sandbox}), then run this again."
        return "Check the address and the network, then run this again."

    @property
    def _sign_in(self) -> str:
        if self.profile is not None:
            return f"Sign in anew: databricks auth login --profile {self.profile}, or put a new token into it."
        if self.token is not None:
            return f"The sandbox's token has changed: {self._commands.up} writes down where it is."
        return "Set DATABRICKS_TOKEN to one that is good, or the ARM_* variables of a service principal."
