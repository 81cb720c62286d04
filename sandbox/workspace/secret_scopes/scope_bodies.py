"""What the requests of the Secrets API take."""

from __future__ import annotations

from sandbox.workspace.api.bodies import Body


class KeyVault(Body):
    """The Azure Key Vault that a scope shows."""

    resource_id: str
    dns_name: str
    tenant_id: str | None = None


class ScopeCreate(Body):
    """What creating a scope takes."""

    scope: str
    initial_manage_principal: str | None = None
    scope_backend_type: str | None = None
    backend_azure_keyvault: KeyVault | None = None


class ScopeDelete(Body):
    """What deleting a scope takes."""

    scope: str


class SecretPut(Body):
    """What putting a secret takes: its value as text, or as bytes in base64."""

    scope: str
    key: str
    string_value: str | None = None
    bytes_value: str | None = None


class SecretDelete(Body):
    """What deleting a secret takes."""

    scope: str
    key: str


class AclPut(Body):
    """What setting a principal's permission takes."""

    scope: str
    principal: str
    permission: str


class AclDelete(Body):
    """What taking a principal's permission away takes."""

    scope: str
    principal: str
