"""The adapter to a Databricks workspace: the only module here that calls databricks-sdk."""

from __future__ import annotations

from typing import Any, cast

from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config
from databricks.sdk.errors import NotFound
from databricks.sdk.errors.base import DatabricksError

from model_ops.errors import WorkspaceError
from model_ops.loopback import is_loopback, reach_directly
from model_ops.served import Endpoint

PATIENCE = 20
"""Seconds for which a question is asked again; the SDK's own five minutes look like a hang."""


class Workspace:
    """A workspace at `url`; credentials come from the environment, or are the sandbox's token."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        reach_directly(url)
        try:
            auth = None if token is None else "pat"
            config = Config(host=url, token=token, auth_type=auth, retry_timeout_seconds=PATIENCE)
            self._client = WorkspaceClient(config=config)
        except ValueError as error:
            raise WorkspaceError(
                f"No credentials for {url}: {_first_line(error)}\n"
                "Set DATABRICKS_TOKEN, or the ARM_* variables of a service principal, and run this again."
            ) from None

    @property
    def _mend(self) -> str:
        if is_loopback(self.url):
            return "Start the sandbox if it does not run (make sandbox), then run this again."
        return "Check that the workspace answers and that the token is still good, then run this again."

    def endpoint(self, name: str) -> Endpoint | None:
        """The serving endpoint as the REST API sends it; None if there is none; raises WorkspaceError."""
        try:
            answer = self._client.api_client.do("GET", f"/api/2.0/serving-endpoints/{name}")
        except NotFound:
            return None
        except (DatabricksError, OSError, TimeoutError) as error:
            raise WorkspaceError(
                f"{self.url} does not say what endpoint {name} serves: {_first_line(error)}\n{self._mend}"
            ) from None
        return cast("dict[str, Any]", answer)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
