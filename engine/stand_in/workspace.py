"""The one place that talks to the workspace: databricks-sdk's client, its address and its errors.

Importing it takes a while: `stand_in` does so in the background.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from engine.stand_in.failures import NotFoundError, ProviderError
from model_ops import user_agent
from model_ops.sdk import ApiClient, Config, DatabricksError, NotFound

HERE = ("127.0.0.1", "localhost", "::1")
RETRY_SECONDS = 20
"""How long an address that does not answer is asked again; the SDK's own default is five minutes."""


class Workspace:
    """Calls the REST API of the workspace that `host` names, as whoever `token` belongs to."""

    def __init__(self, host: str | None, token: str | None) -> None:
        self._host = host
        self._token = token
        self._client: ApiClient | None = None
        self._user: str | None = None
        self._lock = threading.Lock()

    def call(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        """Send one request and give back its JSON; raises NotFoundError for a 404 and ProviderError for all else."""
        headers = {"Accept": "application/json"}
        try:
            return self._connect().do(method, path, query=dict(query or {}), body=body, headers=headers)
        except NotFound as error:
            raise NotFoundError(str(error)) from error
        except DatabricksError as error:
            raise ProviderError(explain(error)) from error
        except (OSError, ValueError) as error:
            raise ProviderError(f"no workspace answers at {self._host}: run the same again, which starts it") from error

    @property
    def user(self) -> str:
        """Who the token belongs to."""
        if self._user is None:
            self._user = str(self.call("GET", "/api/2.0/preview/scim/v2/Me").get("userName") or "")
        return self._user

    def _connect(self) -> ApiClient:
        with self._lock:
            if self._client is None:
                host = local_address(self._host)
                if not self._token:
                    raise ProviderError("no token for the workspace: found no DATABRICKS_TOKEN in the environment")
                user_agent.introduce()
                # With its kind of credentials named, the SDK takes none from elsewhere.
                config = Config(host=host, token=self._token, auth_type="pat", retry_timeout_seconds=RETRY_SECONDS)
                self._client = ApiClient(config)
            return self._client


def local_address(host: str | None) -> str:
    """Give back an address on this machine; raises ProviderError for any other, which the stand-in never serves."""
    if not host:
        raise ProviderError("no workspace to act on: found no DATABRICKS_HOST in the environment")
    if urlsplit(host if "://" in host else f"//{host}").hostname not in HERE:
        raise ProviderError(
            f"the stand-in provider serves the sandbox on this machine alone, found the host {host}; "
            "install the released plugin: pulumi plugin install resource databricks"
        )
    return host


def from_arguments(arguments: Mapping[str, Any]) -> Workspace:
    """Name the workspace that the provider's inputs, or else the environment, point to."""
    host = arguments.get("host") or os.environ.get("DATABRICKS_HOST")
    token = arguments.get("token") or os.environ.get("DATABRICKS_TOKEN")
    return Workspace(host, token)


def explain(error: DatabricksError) -> str:
    """Say what the workspace said, with its error code."""
    code = error.error_code
    hint = ": does DATABRICKS_TOKEN belong to this workspace?" if code == "UNAUTHENTICATED" else ""
    return f"{error} [{code}]{hint}" if code else str(error)
