"""Which rights a stack's deploy identity needs: read from what the program registers, a right for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from model_ops.review.kinds import in_words
from tests.stacks.recorded import Registered, Stack


class Right(NamedTuple):
    """A right, and where somebody holds it."""

    where: str
    what: str


SUBSCRIPTION, ACCOUNT, METASTORE = "Azure subscription", "Databricks account", "metastore"
CATALOG, SCHEMA, WORKSPACE, MADE = "catalog", "schema", "workspace", "what it made itself"
AZURE = "azure-native:"
IN_AZURE: Mapping[str, str] = MappingProxyType(
    {
        "ManagementLockAtResourceGroupLevel": "User Access Administrator",
        "RoleAssignment": "User Access Administrator",
    }
)
"""Beside Contributor, which all else there takes."""
OWNER = "none more, as its owner"
RIGHTS: Mapping[str, Right] = MappingProxyType(
    {
        "AccountNetworkPolicy": Right(ACCOUNT, "account admin"),
        "MetastoreAssignment": Right(ACCOUNT, "account admin"),
        "MwsNccBinding": Right(ACCOUNT, "account admin"),
        "MwsNccPrivateEndpointRule": Right(ACCOUNT, "account admin"),
        "MwsNetworkConnectivityConfig": Right(ACCOUNT, "account admin"),
        "WorkspaceNetworkOption": Right(ACCOUNT, "account admin"),
        "StorageCredential": Right(METASTORE, "`CREATE STORAGE CREDENTIAL`"),
        "ExternalLocation": Right(METASTORE, "`CREATE EXTERNAL LOCATION`"),
        "Catalog": Right(METASTORE, "`CREATE CATALOG`"),
        "WorkspaceBinding": Right(CATALOG, OWNER),
        "Schema": Right(CATALOG, OWNER),
        "Volume": Right(CATALOG, OWNER),
        "Grants on catalog": Right(CATALOG, OWNER),
        "Grants on schema": Right(CATALOG, OWNER),
        "Grant on catalog": Right(CATALOG, "`MANAGE`"),
        "Grant on schema": Right(CATALOG, "`MANAGE`"),
        "RegisteredModel": Right(SCHEMA, "`deploy` in the platform stack's `access`"),
        "ModelServing": Right(WORKSPACE, "workspace access; for its inference table `deploy` in that schema"),
        "MlflowExperiment": Right(WORKSPACE, "workspace access"),
        "Grants on model": Right(MADE, OWNER),
        "Permissions": Right(MADE, OWNER),
    }
)
"""By the last word of the type, of grants with what they are on."""
PLATFORM = (SUBSCRIPTION, ACCOUNT, METASTORE, CATALOG)
"""Where a right is one on the platform."""


class Row(NamedTuple):
    """What of one kind a stack makes, and the right that it takes."""

    thing: str
    right: Right

    def __str__(self) -> str:
        return f"| {self.thing} | {self.right.where} | {self.right.what} |"


def rows(stack: Stack) -> tuple[Row, ...]:
    """Each kind that a stack makes, from the subscription down; raises KeyError for one of which nobody knows."""
    order = {where: number for number, where in enumerate((*PLATFORM, SCHEMA, WORKSPACE, MADE))}
    found = {_row(each) for each in stack.custom}
    return tuple(sorted(found, key=lambda each: (order[each.right.where], each)))


def _row(resource: Registered) -> Row:
    kind, word = resource.type.rpartition(":")[2], in_words(resource.type)
    if resource.type.startswith(AZURE):
        return Row(word, Right(SUBSCRIPTION, IN_AZURE.get(kind, "Contributor")))
    if kind in ("Grant", "Grants"):
        on = next(each for each in ("catalog", "schema", "model") if each in resource.inputs)
        kind, word = f"{kind} on {on}", f"{word} on the {on}"
    return Row(word, RIGHTS[kind])
