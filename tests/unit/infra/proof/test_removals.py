"""Who will lose what, where a stack's access lists are the only ones."""

from __future__ import annotations

from typing import Any

import pytest

from infra.proof.removals import losses

ME = "deployer@example.com"


def level(kind: str, who: str, name: str, *, inherited: bool = False) -> dict[str, Any]:
    return {kind: who, "all_permissions": [{"permission_level": name, "inherited": inherited}]}


def levels(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"access_control_list": list(entries)}


def test_a_privilege_that_no_list_gives_goes_and_those_that_one_gives_stay() -> None:
    body = {
        "privilege_assignments": [
            {"principal": "jobs", "privileges": ["EXECUTE"]},
            {"principal": "engineers", "privileges": ["ALL_PRIVILEGES", "EXECUTE"]},
            {"principal": "strangers", "privileges": ["EXECUTE"]},
        ]
    }
    wanted = {"jobs": ("EXECUTE",), "engineers": ("APPLY_TAG", "EXECUTE", "MANAGE")}

    assert list(losses(body, wanted, ME)) == [("engineers", ["ALL_PRIVILEGES"]), ("strangers", ["EXECUTE"])]


@pytest.mark.parametrize(
    ("held", "wanted", "lost"),
    [
        ("CAN_QUERY", (), ["CAN_QUERY"]),
        ("CAN_MANAGE", ("CAN_QUERY",), ["CAN_MANAGE"]),
        ("CAN_QUERY", ("CAN_MANAGE",), None),
        ("CAN_VIEW", ("CAN_VIEW",), None),
        ("CAN_SOMETHING_NEW", ("CAN_MANAGE",), ["CAN_SOMETHING_NEW"]),
    ],
)
def test_a_level_is_lost_where_the_list_gives_a_lower_one(
    held: str, wanted: tuple[str, ...], lost: list[str] | None
) -> None:
    body = levels(level("group_name", "users", held))

    assert list(losses(body, {"users": wanted}, ME)) == ([("users", lost)] if lost else [])


def test_administrators_the_caller_and_what_is_inherited_stay() -> None:
    body = levels(
        level("group_name", "admins", "CAN_MANAGE"),
        level("user_name", ME, "CAN_MANAGE"),
        level("service_principal_name", "11111111-1111-1111-1111-111111111111", "CAN_QUERY", inherited=True),
    )

    assert list(losses(body, {}, ME)) == []


def test_where_nothing_is_there_nobody_loses_anything() -> None:
    assert list(losses({}, {"users": ("CAN_QUERY",)}, ME)) == []
