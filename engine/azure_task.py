"""The identity that Azure Pipelines' task AzureCLI@2 leaves in the environment, as Pulumi's providers name it.

https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/azure-cli-v2, `addSpnToEnvironment`
"""

from __future__ import annotations

from collections.abc import Mapping

NAMES = {"servicePrincipalId": "ARM_CLIENT_ID", "tenantId": "ARM_TENANT_ID", "idToken": "ARM_OIDC_TOKEN"}


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the variables of a sign-in by OIDC, where such a task runs this with a federated identity; else none."""
    found = {ours: said for theirs, ours in NAMES.items() if (said := environment.get(theirs))}
    return {**found, "ARM_USE_OIDC": "true"} if "ARM_OIDC_TOKEN" in found else {}
