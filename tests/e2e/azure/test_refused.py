"""What Azure refuses half-way through a first `up`: what is said of it, and how the next `up` goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.proof import azure_name
from tests.azure.provider import TOKEN
from tests.azure.vault_kinds import DATABRICKS
from tests.e2e.azure.created_stack import Cloud
from tests.e2e.azure.platform_stack import SERVERLESS, PlatformStack

Made = Callable[[str], PlatformStack]
ROLE = "Microsoft.Authorization/roleAssignments/write"


@pytest.fixture
def made(tmp_path: Path, cloud: Cloud, metastore: str) -> Made:
    """An unprotected stack of that name, which is not there yet."""

    def make(name: str) -> PlatformStack:
        stack = PlatformStack(name, tmp_path, cloud, metastore, SERVERLESS)
        stack.say(protect=False)
        return stack

    return make


def test_a_name_of_a_storage_that_others_have_is_told_and_another_one_goes_on(made: Made, cloud: Cloud) -> None:
    stack = made("taken")
    cloud.subscription.taken.add("rollpintaken")

    refused = stack.run("up")
    said = "The storage account named rollpintaken is already taken."
    assert refused.errors == f'Status=409 Code="StorageAccountAlreadyTaken" Message="{said}"'
    assert "Traceback" not in refused.output
    made_already = refused.changes["create"] - 1
    stack.say(protect=False, storageAccount="rollpinother")
    again = stack.run("up")
    assert (again.errors, again.changes) == ("", {"create": 24 - made_already})


def test_a_name_that_somebody_has_is_refused_by_the_preview_and_ones_own_is_not(
    made: Made, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = made("named")
    known = {"rollpinnamed.blob.core.windows.net"}
    monkeypatch.setattr(azure_name, "_resolves", lambda host: host in known)
    refused = stack.run("preview")
    assert "rollpin:platform.create.storageAccount" in refused.errors
    assert "storage account rollpinnamed, a name that somebody in Azure has already" in refused.errors
    assert "az storage account check-name --name <name>" in refused.errors
    assert cloud.subscription.get(stack.group) is None

    known.clear()
    assert stack.run("up").errors == ""
    known.add("rollpinnamed.blob.core.windows.net")
    assert (stack.run("preview").errors, stack.run("up").changes) == ("", {})
    monkeypatch.setattr(azure_name, "_resolves", lambda _: True)  # a resolver that knows every name
    stack.say(protect=False, storageAccount="rollpinnames")
    assert "a name that somebody" not in stack.run("preview").errors


def test_a_role_that_is_lacking_is_told_before_anything_is_made(made: Made, cloud: Cloud) -> None:
    stack = made("roleless")
    cloud.subscription.denied.add(ROLE)
    try:
        planned, refused = stack.run("preview"), stack.run("up")
    finally:
        cloud.subscription.denied.clear()

    for said in (planned.errors, refused.errors):
        assert f"no right to {ROLE} (the access connector's role) in subscription {cloud.subscription.id}" in said
        assert "az role assignment create --assignee" in said
        assert TOKEN not in said
    assert cloud.subscription.get(stack.group) is None
    assert stack.run("up").errors == ""
    kept = [each.read_text() for each in (stack.project.parent / "state").rglob("*.json*")]
    assert kept
    assert not [each for each in kept if TOKEN in each]


def test_a_region_that_is_mistyped_is_told_before_anything_is_made(made: Made, cloud: Cloud) -> None:
    stack = made("astray")
    stack.say(protect=False, location="westeurop")

    said = stack.run("preview").errors
    assert "`westeurop`, where Azure has no Databricks" in said
    assert "write `location: westeurope`; all of them: northeurope, westeurope" in said
    assert cloud.subscription.get(stack.group) is None


def test_where_azure_does_not_say_so_ahead_a_role_is_told_half_way_with_its_action_and_its_scope(
    made: Made, cloud: Cloud
) -> None:
    stack = made("denied")
    cloud.subscription.silent.add("Microsoft.Authorization/permissions")
    cloud.subscription.denied.add(ROLE)
    try:
        refused = stack.run("up")
    finally:
        cloud.subscription.denied.clear()
        cloud.subscription.silent.clear()

    assert refused.errors.startswith('Status=403 Code="AuthorizationFailed" Message="The client ')
    assert f"perform action '{ROLE}' over scope '{stack.account}/" in refused.errors
    assert "Catalog" not in {step.kind for step in refused.recorder.steps}
    assert stack.run("up").errors == ""
    assert stack.run("up").changes == {}


def test_a_key_is_for_the_application_of_ones_own_directory_and_its_vault_is_taken_afterwards(made: Made) -> None:
    stack = made("keyed")
    keys = {"keyVault": "kv-rollpin-keyed", "databricks": "99999999-9999-4999-8999-999999999999"}
    stack.say(protect=False, customerManagedKeys=keys)
    assert 'Status=400 Code="PrincipalNotFound"' in stack.run("up").errors

    stack.say(protect=False, customerManagedKeys={**keys, "databricks": DATABRICKS})
    assert stack.run("up").errors == ""
    assert [stack.run(operation).changes for operation in ("preview", "refresh")] == [{}, {}]
    assert stack.run("destroy").errors == ""
    assert 'Status=409 Code="ConflictError" Message="A vault with the same name already' in stack.run("up").errors


def test_a_group_that_somebody_made_before_is_not_taken_over_unawares(made: Made, cloud: Cloud) -> None:
    stack = made("there")
    cloud.subscription.found(stack.group)

    refused = stack.run("up")
    assert f"cannot create already existing resource '{stack.group}'" in refused.errors
    assert cloud.subscription.below(stack.group) == {}
