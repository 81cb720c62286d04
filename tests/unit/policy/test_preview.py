"""A preview's document as the rules see it: each resource once, and what is taken away."""

from __future__ import annotations

from typing import Any

import pytest

from policy import preview
from policy.kinds import CATALOG, ENDPOINT

URN = f"urn:pulumi:prod::rollpin::rollpin:index:ServingEndpoint${ENDPOINT}::bot-endpoint"


def step(operation: str, urn: str = URN, **old: Any) -> dict[str, Any]:
    state = {"inputs": {"name": "bot"}}
    return {"op": operation, "urn": urn, "oldState": {**state, **old}, "newState": state}


@pytest.mark.parametrize("operation", ["create", "update", "same", "import", "replace", "create-replacement"])
def test_what_the_program_wants_is_looked_at_whatever_becomes_of_it(operation: str) -> None:
    (found,) = preview.resources({"steps": [step("refresh"), step(operation)]})
    assert (found.kind, found.name, found.inputs) == (ENDPOINT, "bot-endpoint", {"name": "bot"})


@pytest.mark.parametrize("operation", ["delete", "refresh", "read"])
def test_what_it_does_not_want_is_not(operation: str) -> None:
    assert preview.resources({"steps": [step(operation)]}) == []


def test_components_and_providers_exist_in_the_engine_alone() -> None:
    steps = [step("create", f"urn:pulumi:prod::rollpin::{kind}::x") for kind in ("rollpin:index:Model", "pulumi:x:y")]
    assert preview.resources({"steps": steps}) == []


def test_no_name_makes_a_component_of_a_resource() -> None:
    (found,) = preview.resources({"steps": [step("create", f"{URN}::rollpin:index:Model::x")]})
    assert found.kind == ENDPOINT


def test_a_replacement_is_one_removal_whatever_it_is_made_of() -> None:
    steps = [step("create-replacement"), step("replace"), step("delete-replaced")]
    assert [each.operation for each in preview.removals({"steps": steps})] == ["replace"]


def test_what_is_only_let_go_of_is_not_removed() -> None:
    catalog = f"urn:pulumi:prod::rollpin::{CATALOG}::prod-catalog"
    steps = [step("delete", retainOnDelete=True), step("delete", catalog)]
    assert [each.resource.name for each in preview.removals({"steps": steps})] == ["prod-catalog"]


def test_a_version_in_the_name_of_an_azure_type_does_not_hide_it() -> None:
    urn = "urn:pulumi:prod::rollpin::azure-native:storage/v20240101preview:StorageAccount::account"
    (found,) = preview.resources({"steps": [step("create", urn)]})
    assert found.kind == "azure-native:storage:StorageAccount"


def test_a_preview_with_an_error_is_not_whole() -> None:
    assert preview.is_whole({"diagnostics": [{"severity": "warning"}]})
    assert not preview.is_whole({"diagnostics": [{"severity": "error"}]})
