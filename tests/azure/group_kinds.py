"""The resource group, and what is set on it or watches it: locks, roles, logs, budgets."""

from __future__ import annotations

from tests.azure.error import invalid
from tests.azure.kind import GROUP, Azure, Kind, Values, guid, within
from tests.azure.vault_kinds import DATABRICKS

USER_ASSIGNED = "Microsoft.ManagedIdentity/userAssignedIdentities"
GUID = "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"


def _principals(azure: Azure) -> set[str]:
    """Whoever the directory knows: the identities of what is there, and Databricks' own application."""
    found = {DATABRICKS}
    for each in azure.below(f"/subscriptions/{azure.id}").values():
        own = each if each.get("type") == USER_ASSIGNED else {}
        places = (own, each.get("identity", {}), each.get("managedDiskIdentity", {}))
        found |= {place["principalId"] for place in places if "principalId" in place}
    return found


def _role_refuses(_id: str, inputs: Values, azure: Azure) -> None:
    if inputs["principalId"] not in _principals(azure):
        raise invalid(
            "PrincipalNotFound",
            f"Principal {inputs['principalId'].replace('-', '')} does not exist in the directory {azure.tenant}.",
        )


def _setting_says(resource_id: str, inputs: Values, _azure: Azure) -> Values:
    # Azure Monitor gives ids back as it keeps them.
    return {"workspaceId": inputs["workspaceId"].replace("/resourceGroups/", "/resourcegroups/"), "metrics": []}


def _budget_refuses(_id: str, inputs: Values, _azure: Azure) -> None:
    if not inputs["timePeriod"]["startDate"].endswith("-01T00:00:00Z"):
        raise invalid("400", "Start date should be the first of the month.")
    for name, notification in inputs.get("notifications", {}).items():
        if not 0 < notification["threshold"] <= 1000 or not notification["contactEmails"]:
            raise invalid("400", f"Notification {name} needs a threshold up to 1000 and somebody to tell.")


KINDS = (
    Kind(
        token="azure-native:resources:ResourceGroup",
        path=GROUP,
        replaces=frozenset({"location"}),
        names={"resourceGroupName": r"[\w.()-]{0,89}[\w()-]"},
        says=lambda *_: {
            "properties": {"provisioningState": "Succeeded"},
            "type": "Microsoft.Resources/resourceGroups",
        },
    ),
    Kind(
        token="azure-native:authorization:ManagementLockAtResourceGroupLevel",
        path=within("Microsoft.Authorization/locks/{lockName}"),
        names={"lockName": r"[\w.()-]{1,90}"},
    ),
    Kind(
        token="azure-native:authorization:RoleAssignment",
        path="{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        replaces=frozenset({"principalId", "scope"}),
        names={"roleAssignmentName": GUID},
        refuses=_role_refuses,
    ),
    Kind(
        token="azure-native:operationalinsights:Workspace",
        path=within("Microsoft.OperationalInsights/workspaces/{workspaceName}"),
        replaces=frozenset({"location"}),
        names={"workspaceName": "[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]"},
        fills=lambda *_: {
            "features": {"enableLogAccessUsingOnlyResourcePermissions": True},
            "publicNetworkAccessForIngestion": "Enabled",
            "publicNetworkAccessForQuery": "Enabled",
            "workspaceCapping": {"dailyQuotaGb": -1},
        },
        says=lambda resource_id, inputs, _: {
            "customerId": guid(resource_id),
            "provisioningState": "Succeeded",
            # Azure gives back what it was told in small letters.
            "sku": {"name": inputs["sku"]["name"].lower()},
        },
    ),
    Kind(
        token="azure-native:monitor:DiagnosticSetting",
        path="{resourceUri}/providers/microsoft.insights/diagnosticSettings/{name}",
        names={"name": r"[^<>*%&:\\?+/]{1,260}"},
        says=_setting_says,
    ),
    Kind(
        token="azure-native:consumption:Budget",
        path="{scope}/providers/Microsoft.Consumption/budgets/{budgetName}",
        names={"budgetName": "[A-Za-z0-9_-]{1,63}"},
        fills=lambda *_: {"timePeriod": {"endDate": "2036-01-01T00:00:00Z"}},
        says=lambda *_: {"currentSpend": {"amount": 0, "unit": "EUR"}},
        refuses=_budget_refuses,
    ),
)
