"""The settings of a secret scope. No secret is among them: values are put into a scope by other ways than a stack."""

from __future__ import annotations

from pydantic import Field

from infra.settings.frozen import YES_NO, Frozen
from infra.settings.value_rules import KeyVaultId, Principal

VAULT = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/ml/providers/Microsoft.KeyVault"
    "/vaults/kv-helpdesk"
)


class ScopeAccess(Frozen):
    """Who may do what with a scope: groups, service principals' application ids, users."""

    read: tuple[Principal, ...] = Field(
        default=(),
        description="a list of principals: [chatbot-serving]",
        examples=["[chatbot-serving]", "chatbot-serving"],
    )
    """Who may read the secrets; whoever creates an endpoint that refers to one must be among them."""
    write: tuple[Principal, ...] = Field(
        default=(), description="a list of principals: [ml-engineers]", examples=["[ml-engineers]", "ml-engineers"]
    )
    """Who may put secrets into it, and read them."""
    manage: tuple[Principal, ...] = Field(
        default=(), description="a list of principals: [ml-engineers]", examples=["[ml-engineers]", "ml-engineers"]
    )
    """Who may also say who may."""


class SecretScope(Frozen):
    """A secret scope; without a key vault its secrets are kept by Databricks."""

    key_vault: KeyVaultId | None = Field(
        default=None, description="an Azure Key Vault's resource id, as a text", examples=[VAULT]
    )
    """The Azure Key Vault whose secrets it shows, by its resource id. Left out: Databricks keeps the secrets."""
    adopt: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether a scope that is there already is taken over."""
    access: ScopeAccess = Field(
        default=ScopeAccess(),
        description="a mapping with the keys read, write and manage",
        examples=["{read: [chatbot-serving]}"],
    )
    """Who may `read`, `write` and `manage` it."""
