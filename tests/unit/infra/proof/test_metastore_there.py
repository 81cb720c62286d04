"""A metastore that no workspace of the region can have is refused before anything is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from infra.proof import metastore_there
from infra.proof.workspace_api import RefusedError, WorkspaceApi
from infra.proof.workspace_there import NoSuchNameError
from infra.settings.create_schema import Create
from infra.settings.mistake import SettingsError
from model_ops.commands import Commands

WEST, NORTH, ACCOUNT = (f"{digit * 8}-1111-4111-8111-{digit * 12}" for digit in "123")
LISTED = {
    "metastores": [
        {"metastore_id": WEST, "name": "west", "region": "westeurope"},
        {"metastore_id": NORTH, "name": "north", "region": "northeurope"},
    ]
}


def create(metastore: str, location: str = "westeurope", account: str | None = ACCOUNT) -> Create:
    return Create.model_validate(
        {"location": location, "storageAccount": "lake", "metastoreId": metastore, "accountId": account}
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the account is asked; it answers with two metastores."""
    paths: list[str] = []

    def ask(api: WorkspaceApi, path: str) -> Mapping[str, Any]:
        paths.append(f"{api.address}{path}")
        return LISTED

    monkeypatch.setattr(WorkspaceApi, "ask", ask)
    monkeypatch.setattr(metastore_there, "reach", lambda _: None)
    return paths


def refusal(settings: Create) -> str:
    with pytest.raises(SettingsError) as refused:
        metastore_there.confirm(settings, Commands(stack="prod"))
    return str(refused.value)


def test_that_of_the_region_passes_and_is_asked_of_the_account(asked: list[str]) -> None:
    metastore_there.confirm(create(WEST), Commands(stack="prod"))

    assert asked == [f"https://accounts.azuredatabricks.net/api/2.0/accounts/{ACCOUNT}/metastores"]


@pytest.mark.usefixtures("asked")
def test_one_that_the_account_does_not_have_is_refused_with_the_one_to_write() -> None:
    said = refusal(create(WEST.replace("1", "9")))

    assert "names a metastore that no workspace of westeurope can have. No resource was touched." in said
    assert "rollpin:platform.create.metastoreId" in said
    assert "which the account does not have" in said
    assert f"in Pulumi.prod.yaml, write `metastoreId: {WEST}`, which is that of westeurope" in said


@pytest.mark.usefixtures("asked")
def test_one_of_another_region_is_refused_by_its_region() -> None:
    assert f"`{NORTH}`, which is of the region northeurope" in refusal(create(NORTH))


@pytest.mark.usefixtures("asked")
def test_a_region_without_one_needs_an_administrator() -> None:
    assert "have an administrator of the account make one for the region" in refusal(create(WEST, "swedencentral"))


def test_nobody_is_asked_where_the_account_is_not_named(asked: list[str]) -> None:
    metastore_there.confirm(create(NORTH, account=None), Commands(stack="prod"))

    assert asked == []


@pytest.mark.parametrize("silence", [RefusedError("you may not"), NoSuchNameError("accounts"), TimeoutError()])
def test_whoever_may_not_ask_is_not_told(asked: list[str], monkeypatch: pytest.MonkeyPatch, silence: Exception) -> None:
    def fall_silent(*_: object) -> None:
        raise silence

    monkeypatch.setattr(metastore_there, "metastores", fall_silent)
    metastore_there.confirm(create(NORTH), Commands(stack="prod"))
    assert asked == []
