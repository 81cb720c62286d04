"""Secret scopes, their secrets and their ACLs, through Databricks' SDK and as curl sends it."""

from __future__ import annotations

import base64
import re
import uuid
from typing import Any

import httpx
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import (
    BadRequest,
    InvalidParameterValue,
    PermissionDenied,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
)
from databricks.sdk.service.workspace import (
    AclPermission,
    AzureKeyVaultSecretScopeMetadata,
    ScopeBackendType,
)

from sandbox.home import Home

VALUE = "a value that nobody else may see"
VAULT = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/ml/providers/Microsoft.KeyVault/vaults/kv"
PUT = "/api/2.0/secrets/put"


@pytest.fixture
def vault_scope(client: WorkspaceClient, scope: str) -> str:
    """A scope that shows an Azure Key Vault, in the place of the other."""
    client.secrets.delete_scope(scope)
    metadata = AzureKeyVaultSecretScopeMetadata(resource_id=VAULT, dns_name="https://kv.vault.azure.net/")
    client.secrets.create_scope(
        scope, scope_backend_type=ScopeBackendType.AZURE_KEYVAULT, backend_azure_keyvault=metadata
    )
    return scope


def test_a_scope_is_listed_and_is_the_creators(client: WorkspaceClient, scope: str) -> None:
    (found,) = [each for each in client.secrets.list_scopes() if each.name == scope]
    (entry,) = client.secrets.list_acls(scope)

    assert (found.backend_type, found.keyvault_metadata) == (ScopeBackendType.DATABRICKS, None)
    assert (entry.principal, entry.permission) == (client.current_user.me().user_name, AclPermission.MANAGE)


def test_a_scope_can_be_everybodys(client: WorkspaceClient) -> None:
    name = f"all-{uuid.uuid4().hex[:8]}"
    client.secrets.create_scope(name, initial_manage_principal="users")
    (entry,) = client.secrets.list_acls(name)
    client.secrets.put_secret(name, "k", string_value=VALUE)
    client.secrets.delete_scope(name)

    assert entry.principal == "users"
    with pytest.raises(InvalidParameterValue, match="only 'users' is allowed"):
        client.secrets.create_scope(name, initial_manage_principal="admins")


def test_a_scope_is_made_once_whatever_the_case(client: WorkspaceClient, scope: str) -> None:
    with pytest.raises(ResourceAlreadyExists, match=f"Scope {scope.upper()} already exists!"):
        client.secrets.create_scope(scope.upper())


def test_what_is_not_there_is_said_to_be_missing(client: WorkspaceClient, scope: str) -> None:
    nowhere = "Scope nowhere does not exist!"
    for call in (client.secrets.delete_scope, client.secrets.list_acls, client.secrets.list_secrets):
        with pytest.raises(ResourceDoesNotExist, match=nowhere):
            list(call("nowhere") or ())
    with pytest.raises(ResourceDoesNotExist, match=f"Secret does not exist with scope: {scope} and key: k"):
        client.secrets.get_secret(scope, "k")
    with pytest.raises(ResourceDoesNotExist, match=f"scope: {scope} and key: k"):
        client.secrets.delete_secret(scope, "k")
    with pytest.raises(ResourceDoesNotExist, match="secret acl for principal users"):
        client.secrets.get_acl(scope, "users")
    with pytest.raises(ResourceDoesNotExist, match="secret acl for principal users"):
        client.secrets.delete_acl(scope, "users")


@pytest.mark.parametrize("value", [{"string_value": VALUE}, {"bytes_value": base64.b64encode(VALUE.encode()).decode()}])
def test_a_secret_is_put_listed_without_its_value_read_and_deleted(client: WorkspaceClient, scope: str, value) -> None:
    client.secrets.put_secret(scope, "token", **value)
    (listed,) = client.secrets.list_secrets(scope)
    assert set(listed.as_dict()) == {"key", "last_updated_timestamp"}
    assert base64.b64decode(client.secrets.get_secret(scope, "token").value or "").decode() == VALUE

    client.secrets.put_secret(scope, "token", string_value="another")
    assert base64.b64decode(client.secrets.get_secret(scope, "token").value or "").decode() == "another"

    client.secrets.delete_secret(scope, "token")
    assert list(client.secrets.list_secrets(scope)) == []


def test_secrets_go_with_their_scope(client: WorkspaceClient, scope: str) -> None:
    client.secrets.put_secret(scope, "token", string_value=VALUE)
    client.secrets.put_acl(scope, "users", AclPermission.READ)
    client.secrets.delete_scope(scope)
    client.secrets.create_scope(scope)

    assert list(client.secrets.list_secrets(scope)) == []
    assert "users" not in {entry.principal for entry in client.secrets.list_acls(scope)}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"key": "a/b"}, "key: a name has 1 to 128"),
        ({"key": "k" * 129}, "key: a name has 1 to 128"),
        ({"string_value": "v" * (128 * 1024 + 1)}, "at most 131072 bytes, found 131073"),
        ({"string_value": None}, "Exactly one of"),
        ({"bytes_value": "dg=="}, "Exactly one of"),
        ({"string_value": None, "bytes_value": "not base64!"}, "it is not base64"),
        ({"string_value": 271828}, "string_value: .*found a int"),
        ({"string": VALUE}, "string is not a field"),
    ],
)
def test_a_secret_out_of_bounds_is_refused_and_not_shown(
    curl: httpx.Client, scope: str, change: Any, says: str
) -> None:
    body = {"scope": scope, "key": "k", "string_value": VALUE} | change
    answer = curl.post(PUT, json={name: value for name, value in body.items() if value is not None})

    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert re.search(says, answer.json()["message"])
    assert not any(shown in answer.text for shown in (VALUE, "vvv", "271828", "not base64!"))


def test_the_longest_value_is_taken(client: WorkspaceClient, scope: str) -> None:
    client.secrets.put_secret(scope, "long", string_value="v" * 128 * 1024)
    assert len(base64.b64decode(client.secrets.get_secret(scope, "long").value or "")) == 128 * 1024


@pytest.mark.parametrize("name", ["", "a b", "a/b", "é", "s" * 129])
def test_a_scope_with_another_name_is_refused(client: WorkspaceClient, name: str) -> None:
    with pytest.raises(InvalidParameterValue, match="scope: a name has 1 to 128"):
        client.secrets.create_scope(name)


def test_permissions_are_set_changed_and_taken_away(client: WorkspaceClient, scope: str) -> None:
    client.secrets.put_acl(scope, "users", AclPermission.READ)
    client.secrets.put_acl(scope, "users", AclPermission.WRITE)
    assert client.secrets.get_acl(scope, "users").permission == AclPermission.WRITE

    client.secrets.delete_acl(scope, "users")
    assert "users" not in {entry.principal for entry in client.secrets.list_acls(scope)}


def test_a_permission_of_nobody_or_of_another_word_is_refused(curl: httpx.Client, scope: str) -> None:
    for change, says in (
        ({"principal": "nobody"}, "Principal nobody does not exist"),
        ({"permission": "OWN"}, "READ, "),
    ):
        body = {"scope": scope, "principal": "users", "permission": "READ"} | change
        answer = curl.post("/api/2.0/secrets/acls/put", json=body)
        assert answer.json()["error_code"] == "INVALID_PARAMETER_VALUE"
        assert says in answer.json()["message"]


def test_who_has_no_entry_neither_reads_nor_writes(client: WorkspaceClient, scope: str) -> None:
    me = str(client.current_user.me().user_name)
    client.secrets.put_secret(scope, "token", string_value=VALUE)
    client.secrets.delete_acl(scope, me)

    for call in (lambda: client.secrets.get_secret(scope, "token"), lambda: list(client.secrets.list_secrets(scope))):
        with pytest.raises(PermissionDenied, match=f"{me} does not have READ permission on scope {scope}"):
            call()
    client.secrets.put_acl(scope, "users", AclPermission.READ)
    assert client.secrets.get_secret(scope, "token").value
    with pytest.raises(PermissionDenied, match=f"does not have WRITE permission on scope {scope}"):
        client.secrets.put_secret(scope, "token", string_value="another")


def test_a_group_that_is_gone_is_gone_from_the_acl(client: WorkspaceClient, scope: str) -> None:
    group = client.groups.create(display_name=f"g{uuid.uuid4().hex[:8]}")
    client.secrets.put_acl(scope, str(group.display_name), AclPermission.READ)
    client.groups.delete(str(group.id))

    assert group.display_name not in {entry.principal for entry in client.secrets.list_acls(scope)}


def test_a_key_vault_is_shown_and_neither_read_nor_written(client: WorkspaceClient, vault_scope: str) -> None:
    (found,) = [each for each in client.secrets.list_scopes() if each.name == vault_scope]

    assert found.keyvault_metadata.resource_id == VAULT
    with pytest.raises(BadRequest, match="Cannot write secrets to Azure KeyVault-backed scope"):
        client.secrets.put_secret(vault_scope, "k", string_value=VALUE)
    with pytest.raises(Exception, match="The sandbox does not have the secrets of scope"):
        list(client.secrets.list_secrets(vault_scope))


def test_a_value_is_in_no_file_of_the_sandbox(client: WorkspaceClient, home: Home, scope: str) -> None:
    client.secrets.put_secret(scope, "token", string_value=VALUE)
    files = [file for file in home.root.rglob("*") if file.is_file()]

    assert home.workspace_database in files
    assert [file for file in files if VALUE.encode() in file.read_bytes()] == []
    assert home.secrets_key_file.stat().st_mode & 0o777 == 0o600
