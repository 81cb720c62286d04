"""A secret scope with its ACL: where the secrets of models are, and who may read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra import naming
from infra.access.access_lists import ScopePermission
from infra.proof.claims import Claim
from infra.retention import kept


@dataclass(frozen=True, kw_only=True)
class SecretScopeArgs:
    """What a scope is made from; without a `key_vault`, an Azure resource id, Databricks keeps its secrets."""

    scope: str
    key_vault: str | None
    permissions: Mapping[str, ScopePermission]
    claim: Claim
    protect: bool


class SecretScope(pulumi.ComponentResource):
    """A scope and an ACL entry for each principal; whoever runs the `up` manages it too.

    It puts no secret into the scope, and takes away neither secrets nor entries that others made.
    """

    scope_name: pulumi.Output[str]

    def __init__(self, name: str, args: SecretScopeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:SecretScope", name, None, opts)
        scope = databricks.SecretScope(
            f"{name}-scope",
            name=args.scope,
            keyvault_metadata=_vault(args.key_vault),
            opts=args.claim.onto(kept(self, protect=args.protect)),
        )
        args.claim.made(scope)
        for principal, permission in args.permissions.items():
            databricks.SecretAcl(
                f"{name}-acl-{principal}",
                scope=scope.name,
                principal=principal,
                permission=permission,
                # The entry that replaces another one has its id: deleted afterwards, it would be gone too.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
        self.scope_name = scope.name
        self.register_outputs({"scope_name": self.scope_name})


def _vault(resource_id: str | None) -> databricks.SecretScopeKeyvaultMetadataArgs | None:
    if resource_id is None:
        return None
    return databricks.SecretScopeKeyvaultMetadataArgs(
        resource_id=resource_id, dns_name=naming.key_vault_address(resource_id)
    )
