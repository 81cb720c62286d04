"""Who gets what."""

from __future__ import annotations

import pytest

from infra import access
from infra.catalog_plan import plan
from infra.settings import Access, Model

LISTS = Access(query=("users", "engineers"), manage=("engineers",), execute=("serving", "engineers"))


def model(catalog: str, schema: str, **more: object) -> Model:
    return Model.model_validate({"catalog": catalog, "schema": schema, **more})


def test_who_manages_and_executes_gets_both_once() -> None:
    assert access.on_model(LISTS) == {"engineers": ("APPLY_TAG", "EXECUTE", "MANAGE"), "serving": ("EXECUTE",)}


def test_who_only_queries_gets_nothing_in_unity_catalog() -> None:
    for granted in (access.on_model(LISTS), access.on_schema([LISTS]), access.on_catalog([LISTS])):
        assert "users" not in granted


def test_only_who_manages_registers_versions() -> None:
    assert access.on_schema([LISTS]) == {
        "engineers": ("CREATE_MODEL_VERSION", "USE_SCHEMA"),
        "serving": ("USE_SCHEMA",),
    }


def test_the_lists_of_all_models_in_a_schema_come_together() -> None:
    other = Access(manage=("serving",))

    assert access.on_schema([LISTS, other])["serving"] == ("CREATE_MODEL_VERSION", "USE_SCHEMA")
    assert access.on_catalog([LISTS, other]) == {"engineers": ("USE_CATALOG",), "serving": ("USE_CATALOG",)}


def test_an_endpoint_has_each_principal_once_at_the_higher_level() -> None:
    assert access.on_endpoint(LISTS) == {"engineers": "CAN_MANAGE", "users": "CAN_QUERY"}


def test_an_experiment_is_for_those_who_manage() -> None:
    assert access.on_experiment(LISTS) == {"engineers": "CAN_MANAGE"}


@pytest.mark.parametrize(
    ("principal", "kind"),
    [
        ("chatbot users", "group_name"),
        ("11111111-AAAA-1111-1111-111111111111", "service_principal_name"),
        ("someone@example.com", "user_name"),
    ],
)
def test_a_principal_says_by_its_name_what_it_is(principal: str, kind: str) -> None:
    assert access.kind(principal) == kind


def test_models_are_gathered_by_catalog_and_schema() -> None:
    models = {
        "a": model("prod", "x", access={"execute": ("one",)}),
        "b": model("prod", "x", access={"execute": ("two",)}),
        "c": model("prod", "y", createSchema=False),
        "d": model("dev", "x", createCatalog=True),
    }

    dev, prod = plan(models)

    assert (dev.name, dev.created, prod.name, prod.created) == ("dev", True, "prod", False)
    assert [(schema.name, schema.created) for schema in prod.schemas] == [("x", True), ("y", False)]
    assert list(prod.schemas[0].privileges) == ["one", "two"]
    assert list(prod.privileges) == ["one", "two"]
    assert not prod.schemas[1].privileges
