"""The secret scopes of a workspace: which there are, their keys and their ACLs. Nothing here asks for a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from model_ops.workspace.client import Workspace

SECRETS = "/api/2.0/secrets"


@dataclass(frozen=True)
class Scope:
    """One scope, and the Azure Key Vault that it shows; without one, Databricks keeps its secrets."""

    name: str
    vault: str | None = None


class SecretScopes:
    """Asks a workspace; every method raises WorkspaceError where that cannot be told."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> Mapping[str, Scope]:
        """Give the scopes by their names in lower case: Databricks does not tell cases apart."""
        scopes = self._workspace.ask(f"{SECRETS}/scopes/list").get("scopes") or ()
        found = [Scope(str(each["name"]), _vault(each.get("keyvault_metadata") or {})) for each in scopes]
        return {scope.name.casefold(): scope for scope in found}

    def keys(self, scope: str) -> frozenset[str]:
        """Give the keys of a scope, which whoever may read it may list."""
        secrets = self._workspace.ask(f"{SECRETS}/list", {"scope": scope}).get("secrets") or ()
        return frozenset(str(each["key"]) for each in secrets)

    def readers(self, scope: str) -> frozenset[str]:
        """Give everybody in a scope's ACL, which its managers may see: each permission lets read."""
        items = self._workspace.ask(f"{SECRETS}/acls/list", {"scope": scope}).get("items") or ()
        return frozenset(str(each["principal"]) for each in items)


def _vault(metadata: Mapping[str, str]) -> str | None:
    host = urlsplit(metadata.get("dns_name", "")).hostname or ""
    return host.partition(".")[0] or None
