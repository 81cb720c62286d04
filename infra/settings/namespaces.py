"""Whose keys a stack file may hold: the program's, the engine's, and the providers' own."""

from __future__ import annotations

import re

ENGINE_KEYS = ("config", "encryptionsalt", "secretsprovider", "encryptedkey", "environment")
"""What Pulumi itself reads at the top of a stack file."""

PROVIDERS = {
    "databricks": "DATABRICKS_HOST and DATABRICKS_TOKEN, or the ARM_* variables of a service principal",
    "azure-native": "the ARM_* variables of a service principal, or az login",
}
"""The providers' namespaces, and where each takes its credentials from."""

NAMESPACES = ("rollpin", "pulumi", *PROVIDERS)
SETTINGS = (
    "platform",
    "after",
    "defaults",
    "models",
    "catalogs",
    "secretScopes",
    "vectorSearch",
    "protect",
    "tags",
    "policy",
)

SIGNS_IN = re.compile(
    r"token|secret|password|credential|certificate|host|profile|username|(client|account|workspace|resource)id$"
    r"|configfile|endpoint|url|serviceaccount",
    re.IGNORECASE,
)


def signs_in(name: str) -> bool:
    """Whether a provider's setting holds a credential, or leads to another workspace than `rollpin:platform` names."""
    return SIGNS_IN.search(name) is not None
