"""What things are called in the cloud."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra import naming
from infra.settings import value_rules

GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-rollpin-test"
STACKS = st.from_regex(r"[A-Za-z0-9_.-]{1,30}", fullmatch=True)


def test_a_served_entity_is_named_by_its_version() -> None:
    assert naming.served_entity("chatbot", 7) == "chatbot-v7"


@settings(deadline=None)
@given(
    model=st.from_regex(value_rules.MODEL.pattern, fullmatch=True),
    version=st.integers(min_value=1, max_value=999_999),
)
def test_a_served_entity_has_a_name_that_databricks_takes(model: str, version: int) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,63}", naming.served_entity(model, version))


@settings(deadline=None)
@given(stack=STACKS)
def test_a_stack_of_any_name_makes_names_that_azure_takes(stack: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{3,64}", naming.workspace(stack))
    assert re.fullmatch(r"[A-Za-z0-9_-]{3,64}", naming.access_connector(stack))
    assert re.fullmatch(r"[A-Za-z0-9_.()-]{1,90}", naming.resource_group(stack))
    assert re.fullmatch(r"[A-Za-z0-9_-]{3,30}", naming.connectivity(stack))
    assert re.fullmatch(r"[A-Za-z0-9][\w.-]{0,62}[A-Za-z0-9_]", naming.virtual_network(f"{stack}a"))
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{1,63}", naming.within_network(stack, "sign-in"))
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]", naming.log_analytics(stack))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,63}", naming.budget(stack))
    assert re.fullmatch(r"[A-Za-z0-9_-]{3,30}", naming.network_policy(stack))


def test_names_that_are_cut_stay_apart() -> None:
    one, two = (naming.connectivity(f"{'a' * 40}-{end}") for end in ("prod", "test"))

    assert one != two
    assert one == naming.connectivity(f"{'a' * 40}-prod")


def test_an_experiment_is_in_a_folder_that_every_workspace_has() -> None:
    assert re.fullmatch(r"/Shared/[^/]+", naming.experiment("test", "chatbot"))


def test_the_managed_group_lies_beside_the_stacks_own() -> None:
    managed = naming.managed_resource_group_id(GROUP, "dbw-rollpin-test")

    assert managed == f"{GROUP.rpartition('/')[0]}/dbw-rollpin-test-managed"


def test_a_role_is_one_of_the_subscription() -> None:
    role = naming.role_definition_id(f"{GROUP}/providers/Microsoft.Storage/storageAccounts/s", "role")

    assert role == (
        "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions/role"
    )


def test_a_role_assignment_has_the_same_uuid_each_time_and_another_for_another_principal() -> None:
    name = naming.role_assignment("account", "connector", "role")

    assert uuid.UUID(name)
    assert name == naming.role_assignment("account", "connector", "role")
    assert name != naming.role_assignment("account", "other", "role")


def test_a_catalog_keeps_its_data_in_a_folder_of_its_own() -> None:
    url = naming.storage_url("account")

    for written in (url, url.rstrip("/")):  # the workspace may give the address back without its last slash
        assert naming.catalog_root(written, "prod") == "abfss://unity-catalog@account.dfs.core.windows.net/prod"


def test_a_vaults_address_comes_from_its_id() -> None:
    vault = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-helpdesk"

    assert naming.key_vault_address(vault) == "https://kv-helpdesk.vault.azure.net/"


@pytest.mark.parametrize(
    ("host", "number"),
    [
        ("https://adb-1234567890123456.7.azuredatabricks.net", "1234567890123456"),
        ("https://models.example.com", None),
        ("http://127.0.0.1:5000", None),
    ],
)
def test_a_workspace_s_number_is_in_the_address_that_azure_gives_it(host: str, number: str | None) -> None:
    assert naming.workspace_id(host) == number


def test_an_inference_table_needs_no_backticks() -> None:
    assert naming.inference_table_prefix("chat-bot") == "chat_bot"


def test_an_endpoint_is_asked_below_the_workspace() -> None:
    url = naming.invocations_url("https://adb-1.1.azuredatabricks.net", "chatbot")

    assert url == "https://adb-1.1.azuredatabricks.net/serving-endpoints/chatbot/invocations"
