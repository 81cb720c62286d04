"""Platforms whose data is encrypted by a key of the stack's own, and who may use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.stacks.recorded import VAULT_URI, Stack

PROJECT = Path(__file__).parent / "projects"
KEY = {"keyName": "rollpin", "keyVaultUri": VAULT_URI, "keyVersion": "0123456789abcdef"}

Run = Callable[..., Stack]


@pytest.fixture(scope="module")
def made(run_once: Run) -> Stack:
    return run_once("classic", project=PROJECT)


@pytest.fixture(scope="module")
def without(run_once: Run) -> Stack:
    return run_once("serverless", project=PROJECT)


def of_workspace(stack: Stack) -> Mapping[str, Any]:
    (workspace,) = [each for each in stack.of("Workspace") if each.type == "azure-native:databricks:Workspace"]
    return workspace.inputs


def test_nobody_purges_the_vault_and_no_network_reaches_it_but_azures_own_services(made: Stack) -> None:
    vault = made.one("Vault")
    properties = vault.inputs["properties"]

    assert (vault.inputs["vaultName"], properties["tenantId"]) == ("kv-rollpin-classic", "tenant")
    assert (properties["enablePurgeProtection"], properties["softDeleteRetentionInDays"]) == (True, 90)
    assert properties["networkAcls"] == {"bypass": "AzureServices", "defaultAction": "Deny"}


def test_what_is_done_with_the_key_is_a_matter_of_roles_and_is_wrapping_alone(made: Stack) -> None:
    key = made.one("Key").inputs["properties"]

    assert made.one("Vault").inputs["properties"]["enableRbacAuthorization"] is True
    assert key == {"kty": "RSA", "keySize": 3072, "keyOps": ["wrapKey", "unwrapKey"]}


def test_storage_databricks_and_the_disks_may_use_the_key_and_nobody_else(made: Stack) -> None:
    of_vault = [each for each in made.of("RoleAssignment") if each.inputs["scope"].endswith("keys-vault")]

    assert {each.inputs["principalId"] for each in of_vault} == {
        "storage",
        "77777777-7777-7777-7777-777777777777",
        "disks",
    }
    assert {each.inputs["roleDefinitionId"].rpartition("/")[2] for each in of_vault} == {
        "e147488a-f6f5-4113-8e2d-b22465e65bf6"
    }
    assert len({each.inputs["roleAssignmentName"] for each in of_vault}) == 3


def test_the_storage_follows_the_newest_version_of_the_key(made: Stack) -> None:
    account = made.one("StorageAccount")
    (identity,) = account.inputs["identity"]["userAssignedIdentities"]

    assert account.inputs["encryption"] == {
        "keySource": "Microsoft.Keyvault",
        "keyVaultProperties": {"keyName": "rollpin", "keyVaultUri": VAULT_URI},
        "encryptionIdentity": {"encryptionUserAssignedIdentity": identity},
    }
    assert identity.endswith("platform-keys-identity")
    assert {"platform-keys-storage", "platform-keys-key"} <= set(account.after)


def test_what_databricks_keeps_itself_and_the_disks_are_encrypted_by_the_key(made: Stack) -> None:
    entities = of_workspace(made)["encryption"]["entities"]

    assert entities["managedServices"] == {"keySource": "Microsoft.Keyvault", "keyVaultProperties": KEY}
    assert entities["managedDisk"] == {
        "keySource": "Microsoft.Keyvault",
        "keyVaultProperties": KEY,
        "rotationToLatestKeyVersionEnabled": True,
    }


def test_vault_key_and_identity_are_kept_as_what_they_encrypt_is(made: Stack) -> None:
    for kind in ("Vault", "Key", "UserAssignedIdentity"):
        assert (made.one(kind).protect, made.one(kind).retained) == (True, True)
    assert "platform-keys-vault" in made.one("ManagementLockAtResourceGroupLevel").after


def test_a_serverless_workspace_has_no_disks_to_encrypt(run: Run, tmp_path: Path) -> None:
    stack = (PROJECT / "Pulumi.serverless.yaml").read_text()
    keys = "customerManagedKeys: {keyVault: kv-own, databricks: 77777777-7777-7777-7777-777777777777}"
    (tmp_path / "Pulumi.yaml").write_text("name: rollpin\nruntime: python\n")
    (tmp_path / "Pulumi.serverless.yaml").write_text(stack.replace("lock: false", f"{keys}\n      lock: false"))

    made = run("serverless", project=tmp_path)

    assert of_workspace(made)["encryption"]["entities"].keys() == {"managedServices"}
    assert not [each for each in made.of("RoleAssignment") if each.inputs["principalId"] == "disks"]


def test_without_the_setting_all_is_encrypted_by_azures_own_key(without: Stack) -> None:
    assert not {"Vault", "Key", "UserAssignedIdentity"} & {each.type.rsplit(":", 1)[-1] for each in without.custom}
    assert "encryption" not in of_workspace(without)
    assert not {"encryption", "identity"} & without.one("StorageAccount").inputs.keys()
