"""Asks a workspace's REST API what the provider does not tell; the only module here that calls databricks-sdk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from infra import signing_in

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient


class UnansweredError(Exception):
    """The workspace does not answer, or refuses the credentials; the message says why, and holds none of them."""


class WorkspaceApi:
    """A workspace at `address`; credentials come from the environment, at the first question."""

    def __init__(self, address: str, resource_id: str | None) -> None:
        self.address, self._resource_id = address, resource_id

    def get(self, path: str) -> Mapping[str, Any] | None:
        """Get what is at `path`, None where there is nothing; raises UnansweredError."""
        # Imported here: most runs never ask, and the SDK takes most of a second to import.
        from databricks.sdk.errors import NotFound  # noqa: PLC0415
        from databricks.sdk.errors.base import DatabricksError  # noqa: PLC0415

        try:
            answer = self._client.api_client.do("GET", path)
        except NotFound:
            return None
        except (DatabricksError, ValueError, OSError, TimeoutError) as error:
            raise UnansweredError((str(error).splitlines() or [type(error).__name__])[0]) from None
        return answer if isinstance(answer, dict) else None

    @cached_property
    def _client(self) -> WorkspaceClient:
        from databricks.sdk import WorkspaceClient  # noqa: PLC0415 - see get

        by_azure = self._resource_id if signing_in.by_azure(os.environ) else None
        return WorkspaceClient(host=self.address, azure_workspace_resource_id=by_azure)
