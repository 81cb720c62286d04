"""Who gets what."""

from __future__ import annotations

import pytest

from infra.access import access_lists
from infra.settings.schema import Access

LISTS = Access(query=("users", "engineers"), manage=("engineers",), execute=("serving", "engineers"))


def test_who_manages_and_executes_gets_both_once() -> None:
    assert access_lists.on_model([LISTS]) == {"engineers": ("APPLY_TAG", "EXECUTE", "MANAGE"), "serving": ("EXECUTE",)}


def test_who_only_queries_gets_nothing_in_unity_catalog() -> None:
    for granted in (access_lists.on_model([LISTS]), access_lists.on_schema([LISTS]), access_lists.on_catalog([LISTS])):
        assert "users" not in granted


def test_only_who_manages_registers_versions() -> None:
    assert access_lists.on_schema([LISTS]) == {
        "engineers": ("CREATE_MODEL_VERSION", "USE_SCHEMA"),
        "serving": ("USE_SCHEMA",),
    }


def test_the_lists_of_all_models_in_a_schema_come_together() -> None:
    other = Access(manage=("serving",))

    assert access_lists.on_schema([LISTS, other])["serving"] == ("CREATE_MODEL_VERSION", "USE_SCHEMA")
    assert access_lists.on_catalog([LISTS, other]) == {"engineers": ("USE_CATALOG",), "serving": ("USE_CATALOG",)}


def test_an_endpoint_has_each_principal_once_at_the_higher_level() -> None:
    assert access_lists.on_endpoint(LISTS) == {"engineers": "CAN_MANAGE", "users": "CAN_QUERY"}


def test_an_experiment_is_for_those_who_manage() -> None:
    assert access_lists.on_experiment(LISTS) == {"engineers": "CAN_MANAGE"}


@pytest.mark.parametrize(
    ("principal", "kind"),
    [
        ("chatbot users", "group_name"),
        ("11111111-AAAA-1111-1111-111111111111", "service_principal_name"),
        ("someone@example.com", "user_name"),
    ],
)
def test_a_principal_says_by_its_name_what_it_is(principal: str, kind: str) -> None:
    assert access_lists.kind(principal) == kind
