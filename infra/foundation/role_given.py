"""A role on something in Azure, given to a service or to an identity of Azure; no person is given one here."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import authorization

from infra import naming


def give(
    name: str,
    role: str,
    principal_id: pulumi.Input[str],
    on: pulumi.Output[str],
    *,
    called: str,
    parent: pulumi.Resource,
    protect: bool,
) -> authorization.RoleAssignment:
    """Give a built-in `role` on the resource of the id `on`; Azure knows it by `called`, a UUID."""
    return authorization.RoleAssignment(
        name,
        scope=on,
        role_definition_id=on.apply(lambda scope: naming.role_definition_id(scope, role)),
        role_assignment_name=called,
        principal_id=principal_id,
        # Said outright, Azure does not look a new identity up before it has spread.
        principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
        opts=pulumi.ResourceOptions(parent=parent, protect=protect, delete_before_replace=True),
    )
