"""Storage credentials of Unity Catalog, as records: nothing in the sandbox signs in to a storage by one."""

from __future__ import annotations

from typing import Any, Literal

from sandbox.workspace.api.bodies import Body, MaxResults, PageToken, router
from sandbox.workspace.api.errors import ApiError, absent, invalid
from sandbox.workspace.api.paging import page
from sandbox.workspace.api.securable_names import check_name, not_empty
from sandbox.workspace.identity.principals import grantee
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace, changed, identifier, stamps

routes = router("/api/2.1/unity-catalog/storage-credentials")
KIND = "storage credential"
LOCATION = "external location"
_OTHERS = ("aws_iam_role", "azure_service_principal", "cloudflare_api_token", "databricks_gcp_service_account")


class ManagedIdentity(Body):
    """The identity of an access connector."""

    access_connector_id: str
    managed_identity_id: str | None = None
    credential_id: str | None = None


class CredentialCreate(Body):
    """What POST takes."""

    name: str
    azure_managed_identity: ManagedIdentity | None = None
    comment: str | None = None
    read_only: bool | None = None
    skip_validation: bool | None = None
    aws_iam_role: dict[str, Any] | None = None
    azure_service_principal: dict[str, Any] | None = None
    cloudflare_api_token: dict[str, Any] | None = None
    databricks_gcp_service_account: dict[str, Any] | None = None


class CredentialUpdate(Body):
    """What PATCH takes."""

    name: str | None = None
    new_name: str | None = None
    owner: str | None = None
    azure_managed_identity: ManagedIdentity | None = None
    comment: str | None = None
    read_only: bool | None = None
    skip_validation: bool | None = None
    force: bool | None = None
    isolation_mode: Literal["ISOLATION_MODE_OPEN", "ISOLATION_MODE_ISOLATED"] | None = None


def find_credential(workspace: Workspace, name: str) -> Document:
    """Give a storage credential; raises ApiError when it does not exist."""
    found = workspace.documents.get(KIND, name.lower())
    if found is None:
        raise ApiError(404, "STORAGE_CREDENTIAL_DOES_NOT_EXIST", f"Storage Credential '{name}' does not exist.")
    return found


@routes.post("")
def create_credential(here: Here, body: CredentialCreate) -> Document:
    """Make a storage credential."""
    if any(getattr(body, other) for other in _OTHERS):
        raise absent("storage credentials other than those of an access connector")
    if body.azure_managed_identity is None:
        raise invalid("azure_managed_identity is required.")
    name = check_name(body.name, "StorageCredentialInfo.name")
    credential = {
        **body.given(),
        "name": name,
        "id": identifier(),
        "full_name": name,
        "isolation_mode": "ISOLATION_MODE_OPEN",
        "metastore_id": here.metastore_id,
        **stamps(),
    }
    credential.pop("skip_validation", None)
    with here.documents.transaction():
        if here.documents.get(KIND, name) is not None:
            raise ApiError(400, "STORAGE_CREDENTIAL_ALREADY_EXISTS", f"Storage Credential '{name}' already exists")
        here.documents.put(KIND, name, credential)
    return credential


@routes.get("")
def list_credentials(here: Here, max_results: MaxResults = 0, page_token: PageToken = None) -> dict[str, Any]:
    """List the storage credentials."""
    part = page(list(here.documents.all(KIND).values()), max_results, page_token)
    return {"storage_credentials": part.items, **({"next_page_token": part.token} if part.token else {})}


@routes.get("/{name}")
def get_credential(here: Here, name: str) -> Document:
    """Give a storage credential."""
    return find_credential(here, name)


@routes.patch("/{name}")
def update_credential(here: Here, name: str, body: CredentialUpdate) -> Document:
    """Change what was sent, leave the rest."""
    if body.new_name is not None and body.new_name.lower() != name.lower():
        raise absent("renaming of storage credentials")
    with here.documents.transaction():
        credential = find_credential(here, name)
        told = {"name", "new_name", "force", "skip_validation"}
        sent = {key: value for key, value in body.given().items() if key not in told}
        if body.owner is not None:
            sent["owner"] = grantee(here, body.owner)
        credential |= sent | changed()
        here.documents.put(KIND, credential["name"], credential)
    return credential


@routes.delete("/{name}")
def delete_credential(here: Here, name: str, force: bool = False) -> dict[str, Any]:
    """Remove a storage credential; one that an external location names only with force."""
    with here.documents.transaction():
        credential = find_credential(here, name)["name"]
        users = [each for each in here.documents.all(LOCATION).values() if each["credential_name"] == credential]
        if users and not force:
            raise not_empty(f"Storage credential '{credential}' has {len(users)} dependent external location(s).")
        here.documents.delete(KIND, credential)
    return {}
