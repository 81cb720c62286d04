"""Secret scopes and the entries of their ACLs: all that changes makes them anew, and no secret is among it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.stand_in.failures import ProviderError

VAULT = {
    "resourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv",
    "dnsName": "https://kv/",
}
ENTRY = {"scope": "helpdesk", "principal": "serving", "permission": "READ"}


def test_a_scope_is_made_shown_and_deleted(engine: Any, workspace: Any) -> None:
    scope = engine("SecretScope")
    scope.up(name="helpdesk")
    assert (scope.id, scope.state) == ("helpdesk", {"name": "helpdesk", "backendType": "DATABRICKS"})
    scope.refresh()
    assert scope.up(name="helpdesk") == []
    scope.delete()
    assert workspace.scopes == {}


def test_a_scope_of_a_key_vault_is_made_as_one(engine: Any, workspace: Any) -> None:
    scope = engine("SecretScope")
    scope.up(name="helpdesk", keyvaultMetadata=VAULT, initialManagePrincipal="users")
    ((_, sent),) = workspace.sent("POST")
    assert sent == {
        "scope": "helpdesk",
        "scope_backend_type": "AZURE_KEYVAULT",
        "backend_azure_keyvault": {"resource_id": VAULT["resourceId"], "dns_name": VAULT["dnsName"]},
        "initial_manage_principal": "users",
    }
    scope.refresh()
    assert scope.up(name="helpdesk", keyvaultMetadata=VAULT, initialManagePrincipal="users") == []


@pytest.mark.parametrize(
    ("change", "replaced"),
    [({"name": "other"}, "name"), ({"keyvaultMetadata": VAULT}, "keyvaultMetadata")],
)
def test_whatever_changes_of_a_scope_replaces_it(engine: Any, change: dict[str, Any], replaced: str) -> None:
    scope = engine("SecretScope")
    scope.up(name="helpdesk")
    answer = scope.diff(**{"name": "helpdesk"} | change)
    assert answer.replaces == [replaced]
    assert answer.delete_before_replace == (replaced != "name")


def test_a_scope_that_is_gone_is_made_again(engine: Any, workspace: Any) -> None:
    scope = engine("SecretScope")
    scope.up(name="helpdesk")
    workspace.scopes.clear()
    scope.refresh()
    assert scope.up(name="helpdesk") == ["created"]


def test_a_scope_is_imported_by_its_name(engine: Any, workspace: Any) -> None:
    workspace.scopes["helpdesk"] = {"name": "helpdesk", "backend_type": "DATABRICKS"}
    assert engine("SecretScope").adopt("helpdesk")["name"] == "helpdesk"


def test_an_entry_is_made_shown_and_deleted(engine: Any, workspace: Any) -> None:
    entry = engine("SecretAcl")
    entry.up(**ENTRY)
    assert (entry.id, workspace.acls) == ("helpdesk|||serving", {("helpdesk", "serving"): "READ"})
    entry.refresh()
    assert entry.up(**ENTRY) == []
    entry.delete()
    assert workspace.acls == {}
    entry.delete()


@pytest.mark.parametrize("change", [{"scope": "other"}, {"principal": "other"}, {"permission": "WRITE"}])
def test_whatever_changes_of_an_entry_replaces_it(engine: Any, change: dict[str, str]) -> None:
    entry = engine("SecretAcl")
    entry.up(**ENTRY)
    assert entry.diff(**ENTRY | change).replaces == list(change)


def test_an_entry_that_was_changed_behind_its_back_is_put_right(engine: Any, workspace: Any) -> None:
    entry = engine("SecretAcl")
    entry.up(**ENTRY)
    workspace.acls["helpdesk", "serving"] = "MANAGE"
    entry.refresh()
    assert entry.diff(**ENTRY).replaces == ["permission"]


def test_nobody_is_locked_out_by_the_deletion_of_his_own_entry(engine: Any, workspace: Any) -> None:
    entry = engine("SecretAcl")
    entry.up(scope="helpdesk", principal=workspace.user, permission="MANAGE")
    entry.delete()
    assert workspace.acls == {("helpdesk", workspace.user): "MANAGE"}


def test_an_entry_is_imported_by_scope_and_principal(engine: Any, workspace: Any) -> None:
    workspace.acls["helpdesk", "serving"] = "READ"
    assert engine("SecretAcl").adopt("helpdesk|||serving") == ENTRY
    with pytest.raises(ProviderError, match=r"found the id helpdesk/serving, expected one like helpdesk\|\|\|chatbot"):
        engine("SecretAcl").adopt("helpdesk/serving")


@pytest.mark.parametrize(
    ("kind", "inputs"), [("SecretScope", {"name": "a b"}), ("SecretAcl", {**ENTRY, "scope": "a b"})]
)
def test_a_name_that_the_released_provider_refuses_is_refused(engine: Any, kind: str, inputs: dict[str, str]) -> None:
    _, refused = engine(kind).check(**inputs)
    assert len(refused) == 1
    assert "must be 1 to 128 letters" in refused[0]
