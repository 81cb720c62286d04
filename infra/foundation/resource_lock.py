"""The lock on the stack's resource group: what is in it cannot be deleted, by anybody, without taking it away first."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import authorization

NOTES = "Set by Rollpin. To delete anything here, take it away in the stack file first: lock: false"


def lock(
    name: str,
    group: pulumi.Input[str],
    lock_name: str,
    parent: pulumi.Resource,
    within: Sequence[pulumi.Resource],
) -> authorization.ManagementLockAtResourceGroupLevel:
    """Lock the resource `group` once all `within` is made; a destroy takes the lock away before them."""
    return authorization.ManagementLockAtResourceGroupLevel(
        f"{name}-lock",
        resource_group_name=group,
        lock_name=lock_name,
        level=authorization.LockLevel.CAN_NOT_DELETE,
        notes=NOTES,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=list(within)),
    )
