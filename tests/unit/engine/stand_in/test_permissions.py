"""Permissions on endpoints and experiments: who is asked for, who is added, who is left out."""

from typing import Any

import pytest

USERS = {"groupName": "users", "permissionLevel": "CAN_QUERY"}
PLACE = "serving-endpoints/id-1"


@pytest.fixture
def permissions(engine: Any) -> Any:
    resource = engine("Permissions")
    resource.up(servingEndpointId="id-1", accessControls=[USERS])
    return resource


def test_the_caller_keeps_the_right_to_manage_an_endpoint(permissions: Any, workspace: Any) -> None:
    assert permissions.id == f"/{PLACE}"
    assert workspace.permissions[PLACE][-1] == {"user_name": workspace.user, "permission_level": "CAN_MANAGE"}
    assert permissions.state["accessControls"] == [USERS]


def test_the_caller_is_not_added_to_an_experiment(engine: Any, workspace: Any) -> None:
    level = {"groupName": "users", "permissionLevel": "CAN_READ"}
    engine("Permissions").up(experimentId="5", accessControls=[level])
    assert workspace.permissions["experiments/5"] == [{"group_name": "users", "permission_level": "CAN_READ"}]


def test_a_caller_whom_the_program_names_is_read_back(engine: Any, workspace: Any) -> None:
    me = {"userName": workspace.user.upper(), "permissionLevel": "CAN_MANAGE"}
    permissions = engine("Permissions")
    permissions.up(servingEndpointId="id-1", accessControls=[USERS, me])
    permissions.refresh()
    assert len(workspace.permissions[PLACE]) == 2
    assert permissions.up(servingEndpointId="id-1", accessControls=[me, USERS]) == []


def test_a_level_changed_behind_the_programs_back_is_put_right(permissions: Any, workspace: Any) -> None:
    workspace.permissions[PLACE][0]["permission_level"] = "CAN_MANAGE"
    permissions.refresh()
    paths = permissions.up(servingEndpointId="id-1", accessControls=[USERS])
    assert paths == ["accessControls[0].permissionLevel"]
    assert workspace.permissions[PLACE][0]["permission_level"] == "CAN_QUERY"


def test_another_endpoint_replaces_its_permissions(permissions: Any) -> None:
    answer = permissions.diff(servingEndpointId="id-2", accessControls=[USERS])
    assert answer.replaces == ["servingEndpointId"]


def test_permissions_that_are_gone_are_made_again(permissions: Any, workspace: Any) -> None:
    workspace.permissions.clear()
    permissions.refresh()
    assert permissions.id == ""


def test_deleting_permissions_leaves_the_caller_alone_with_the_endpoint(permissions: Any, workspace: Any) -> None:
    permissions.delete()
    assert workspace.permissions[PLACE] == [{"user_name": workspace.user, "permission_level": "CAN_MANAGE"}]


def test_permissions_are_imported_by_their_path(permissions: Any) -> None:
    assert permissions.adopt(f"/{PLACE}") == {"servingEndpointId": "id-1", "accessControls": [USERS]}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"groupName": "users", "permissionLevel": "CAN_READ"}, "must be one of CAN_VIEW, CAN_QUERY, CAN_MANAGE"),
        ({"groupName": "admins", "permissionLevel": "CAN_VIEW"}, "admins may do cannot be changed"),
        ({"permissionLevel": "CAN_VIEW"}, "set exactly one of groupName, userName, servicePrincipalName"),
        ({"groupName": "users"}, "permissionLevel: is required"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_before_it_is_sent(engine: Any, entry: Any, said: str) -> None:
    _, refused = engine("Permissions").check(servingEndpointId="id-1", accessControls=[entry])
    assert len(refused) == 1
    assert refused[0].startswith("accessControls[0]")
    assert said in refused[0]
