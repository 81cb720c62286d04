"""Refuses a first `up` by somebody who lacks a right in Azure that it takes: Azure would refuse it half-way.

Azure says what whoever is signed in may do in a subscription, by whichever role, group or management group:
https://learn.microsoft.com/rest/api/authorization/permissions
Where it does not say, nobody is refused here.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.proof.azure_api import AzureApi, SilentError
from infra.settings.create_schema import Create
from infra.settings.mistake import SettingsError, told
from infra.settings.schema import Settings
from model_ops.commands import Commands

PERMISSIONS, VERSION = "/providers/Microsoft.Authorization/permissions", "2022-04-01"
MAKE, GIVE = "Contributor", "User Access Administrator"
Role = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Right:
    """An action in Azure that a stack takes, the role that has it, and what it is taken for."""

    action: str
    role: str
    purpose: str


def needed(create: Create, *, protect: bool) -> Iterator[Right]:
    """Each that the platform takes in its subscription."""
    yield Right(action="Microsoft.Resources/subscriptions/resourceGroups/write", role=MAKE, purpose="its group")
    yield Right(action="Microsoft.Storage/storageAccounts/write", role=MAKE, purpose="the storage")
    yield Right(action="Microsoft.Databricks/workspaces/write", role=MAKE, purpose="the workspace")
    yield Right(
        action="Microsoft.Authorization/roleAssignments/write", role=GIVE, purpose="the access connector's role"
    )
    if create.locked(protect):
        yield Right(action="Microsoft.Authorization/locks/write", role=GIVE, purpose="the lock")
    if create.network:
        yield Right(action="Microsoft.Network/virtualNetworks/write", role=MAKE, purpose="the network")
    if create.customer_managed_keys:
        yield Right(action="Microsoft.KeyVault/vaults/write", role=MAKE, purpose="the Key Vault")
    if create.budget:
        yield Right(action="Microsoft.Consumption/budgets/write", role=MAKE, purpose="the budget")


def confirm(settings: Settings, create: Create, azure: AzureApi, commands: Commands) -> None:
    """Raise SettingsError with every right that is lacking, as far as Azure tells."""
    try:
        roles = azure.listed(PERMISSIONS, VERSION)
    except SilentError:
        return
    lacking = [each for each in needed(create, protect=settings.protect) if not allows(roles, each.action)]
    if lacking:
        raise SettingsError(_refusal(lacking, azure.subscription, commands))


def allows(roles: Sequence[Role], action: str) -> bool:
    """Whether one of the roles has an action, and does not take it back itself."""
    return any(
        _matches(role.get("actions") or (), action) and not _matches(role.get("notActions") or (), action)
        for role in roles
    )


def _matches(patterns: Sequence[str], action: str) -> bool:
    return any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def _refusal(lacking: Sequence[Right], subscription: str, commands: Commands) -> str:
    roles, scope = sorted({each.role for each in lacking}), f"/subscriptions/{subscription}"
    give = "az role assignment create --assignee <whoever runs this>"
    given = "; ".join(f"{give} --role '{role}' --scope {scope}" for role in roles)
    actions = ", ".join(f"{each.action} ({each.purpose})" for each in lacking)
    said = told(
        "  rollpin:platform.create",
        f"no right to {actions} in subscription {subscription}",
        f"somebody with the roles {' and '.join(roles)} there, or one that has these actions (docs/platform.md)",
        f"have its owner type: {given}",
        f"wait five minutes, for roles spread slowly, and then: {commands.engine('preview')}",
    )
    return f"{commands.file} asks for what whoever runs this may not do in Azure. No resource was touched.\n{said}"
