"""The schema of `platform`: a workspace that exists, or a whole Azure platform to create."""

from __future__ import annotations

from pydantic import Field

from infra.settings.create_schema import CREATE, Create
from infra.settings.frozen import Frozen
from infra.settings.value_rules import WorkspaceHost, WorkspaceId

HOST = "https://adb-1234567890123456.7.azuredatabricks.net"
WORKSPACE = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/ml/providers/Microsoft.Databricks"
    "/workspaces/ml-prod"
)
ADOPT = f"{{host: {HOST}, resourceId: {WORKSPACE}}}"


class Adopt(Frozen):
    """A workspace that exists."""

    host: WorkspaceHost = Field(description="the workspace's address, as a text", examples=[HOST])
    """The workspace's address."""
    resource_id: WorkspaceId = Field(description="the workspace's resource id, as a text", examples=[WORKSPACE])
    """The workspace's Azure resource id."""


class Platform(Frozen):
    """Where the stack lives: exactly one of the two."""

    adopt: Adopt | None = Field(
        default=None, description="a mapping with the keys host and resourceId", examples=[ADOPT]
    )
    """A workspace that exists. Left out: none."""
    create: Create | None = Field(
        default=None, description="a mapping with the keys location, storageAccount and metastoreId", examples=[CREATE]
    )
    """A platform to create. Left out: none."""
