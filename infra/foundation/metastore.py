"""What joins a new workspace to the region's Unity Catalog metastore, and the metastore to the stack's storage."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra.retention import kept


@dataclass(frozen=True, kw_only=True)
class MetastoreArgs:
    """What the joining is made from; `name` is unique in the metastore, which many workspaces share."""

    name: str
    metastore_id: pulumi.Input[str]
    workspace_id: pulumi.Input[str]
    connector_id: pulumi.Input[str]
    storage_url: pulumi.Input[str]
    isolated: bool
    """Whether no other workspace of the metastore may use them."""
    protect: bool


class Metastore(pulumi.ComponentResource):
    """The assignment of a metastore that exists, a storage credential and an external location.

    It does not create the metastore: an Azure region has one, and the account's administrators own it.
    """

    storage_root: pulumi.Output[str]
    """Where catalogs may keep managed data, known once the location is there."""

    def __init__(self, name: str, args: MetastoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:Metastore", name, None, opts)
        assignment = databricks.MetastoreAssignment(
            f"{name}-assignment",
            metastore_id=args.metastore_id,
            workspace_id=args.workspace_id,
            opts=kept(self, protect=args.protect),
        )
        mode = "ISOLATION_MODE_ISOLATED" if args.isolated else None
        credential = databricks.StorageCredential(
            f"{name}-credential",
            name=args.name,
            azure_managed_identity=databricks.StorageCredentialAzureManagedIdentityArgs(
                access_connector_id=args.connector_id
            ),
            isolation_mode=mode,
            opts=kept(self, protect=args.protect, depends_on=[assignment]),
        )
        location = databricks.ExternalLocation(
            f"{name}-location",
            name=args.name,
            url=args.storage_url,
            credential_name=credential.name,
            isolation_mode=mode,
            opts=kept(self, protect=args.protect),
        )
        self.storage_root = location.url
        self.register_outputs({"storage_root": self.storage_root})
