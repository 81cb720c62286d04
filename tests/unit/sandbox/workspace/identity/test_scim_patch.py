from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.identity.scim_patch import Operation, matcher, patch

GROUP = {"displayName": "ml-engineers", "members": ["1", "2"]}


def patched(op: str, path: str | None = None, value: Any = None) -> dict[str, Any]:
    return patch(GROUP, [Operation.model_validate({"op": op, "path": path, "value": value})])


def test_members_are_added_once_replaced_and_removed() -> None:
    assert patched("add", "members", [{"value": "2"}, {"value": "3"}])["members"] == ["1", "2", "3"]
    assert patched("Add", None, {"members": [{"value": "3"}]})["members"] == ["1", "2", "3"]
    assert patched("replace", "members", [{"value": "3"}])["members"] == ["3"]
    assert patched("remove", 'members[value eq "1"]')["members"] == ["2"]
    assert patched("remove", "members", [{"value": "1"}])["members"] == ["2"]
    assert patched("remove", "members")["members"] == []


def test_the_document_that_was_given_stays_as_it_is() -> None:
    patched("remove", "members")
    assert GROUP["members"] == ["1", "2"]


def test_plain_attributes_are_replaced_and_removed() -> None:
    assert patched("replace", "displayName", "x")["displayName"] == "x"
    assert "externalId" not in patched("remove", "externalId")


@pytest.mark.parametrize("path", ["id", "members[value co 1]", "userName", "__class__"])
def test_a_path_that_cannot_be_changed_is_refused(path: str) -> None:
    with pytest.raises(ApiError, match=r"Operations\.path"):
        patched("replace", path, "x")


@pytest.mark.parametrize("value", ["1", [1], [{"value": 1}], [{}]])
def test_members_are_objects_with_an_id(value: Any) -> None:
    with pytest.raises(ApiError, match="members: each one"):
        patched("add", "members", value)


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(ValidationError):
        patched("move", "members")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('displayName eq "ML-Engineers"', True),
        ("displayName eq 'ml-engineers'", True),
        ('displayname EQ "other"', False),
        ('displayName sw "ml-"', True),
        ('displayName co "engine"', True),
        ('displayName ne "ml-engineers"', False),
        ('userName eq "x"', False),
        ("", True),
    ],
)
def test_a_filter_compares_without_regard_to_case(text: str, found: bool) -> None:
    assert matcher(text)(GROUP) is found


@pytest.mark.parametrize("text", ["displayName", 'displayName eq "a" or displayName eq "b"', 'displayName eq "a'])
def test_a_filter_beyond_one_comparison_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="filter"):
        matcher(text)
