"""Whose keys a stack file may hold: the program's, the engine's, and the providers' own."""

from __future__ import annotations

ENGINE_KEYS = ("config", "encryptionsalt", "secretsprovider", "encryptedkey", "environment")
"""What Pulumi itself reads at the top of a stack file."""

PROVIDERS = {
    "databricks": "DATABRICKS_HOST and DATABRICKS_TOKEN, or the ARM_* variables of a service principal",
    "azure-native": "the ARM_* variables of a service principal, or az login",
}
"""The providers' namespaces, and where each takes its credentials from."""

NAMESPACES = ("rollpin", "pulumi", *PROVIDERS)
SETTINGS = ("platform", "models", "protect", "tags")
