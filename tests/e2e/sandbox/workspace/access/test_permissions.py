from __future__ import annotations

import uuid
from collections.abc import Iterator

import mlflow
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, NotFound
from databricks.sdk.service import iam

Request = iam.AccessControlRequest
Level = iam.PermissionLevel
ADMIN = "admin@sandbox.local"


@pytest.fixture
def endpoint(client: WorkspaceClient) -> Iterator[str]:
    made = client.serving_endpoints.create(name=f"p{uuid.uuid4().hex[:8]}").response
    yield str(made.id)
    client.serving_endpoints.delete(str(made.name))


@pytest.fixture
def group(client: WorkspaceClient) -> str:
    return str(client.groups.create(display_name=f"g{uuid.uuid4().hex[:8]}").display_name)


def access(found: iam.ObjectPermissions) -> dict[str, set[tuple[str, bool]]]:
    return {
        str(entry.user_name or entry.group_name or entry.service_principal_name): {
            (permission.permission_level.value, bool(permission.inherited))
            for permission in entry.all_permissions or []
            if permission.permission_level
        }
        for entry in found.access_control_list or []
    }


DEFAULT = {ADMIN: {("CAN_MANAGE", False)}, "admins": {("CAN_MANAGE", True)}}


def test_a_new_endpoint_is_its_creators_and_the_admins(client: WorkspaceClient, endpoint: str) -> None:
    found = client.permissions.get("serving-endpoints", endpoint)
    assert access(found) == DEFAULT
    assert (found.object_type, found.object_id) == ("serving-endpoint", f"/serving-endpoints/{endpoint}")


def test_put_replaces_and_patch_adds(client: WorkspaceClient, endpoint: str, group: str) -> None:
    def allow(name: str, level: Level) -> Request:
        return Request(group_name=name, permission_level=level)

    client.permissions.set("serving-endpoints", endpoint, access_control_list=[allow(group, Level.CAN_QUERY)])
    assert access(client.permissions.get("serving-endpoints", endpoint)) == {
        group: {("CAN_QUERY", False)},
        "admins": {("CAN_MANAGE", True)},
    }
    more = [allow("users", Level.CAN_VIEW), allow(group, Level.CAN_MANAGE)]
    found = client.permissions.update("serving-endpoints", endpoint, access_control_list=more)
    assert access(found) | DEFAULT == DEFAULT | {group: {("CAN_MANAGE", False)}, "users": {("CAN_VIEW", False)}}


@pytest.mark.parametrize(
    ("entry", "error", "message"),
    [
        (Request(group_name="nobody", permission_level=Level.CAN_QUERY), NotFound, r"GroupName\(nobody\) does not"),
        (Request(user_name="users", permission_level=Level.CAN_QUERY), NotFound, r"UserName\(users\) does not exist"),
        (Request(group_name="users", permission_level=Level.CAN_RUN), InvalidParameterValue, "found 'CAN_RUN'"),
        (Request(group_name="admins", permission_level=Level.CAN_VIEW), InvalidParameterValue, "group 'admins'"),
        (Request(permission_level=Level.CAN_VIEW), InvalidParameterValue, "each entry names one"),
    ],
)
def test_a_bad_entry_changes_nothing(
    client: WorkspaceClient, endpoint: str, entry: Request, error: type[Exception], message: str
) -> None:
    good = Request(group_name="users", permission_level=Level.CAN_VIEW)
    with pytest.raises(error, match=message):
        client.permissions.set("serving-endpoints", endpoint, access_control_list=[good, entry])
    assert access(client.permissions.get("serving-endpoints", endpoint)) == DEFAULT


def test_an_experiment_has_levels_of_its_own(
    client: WorkspaceClient, tracking: mlflow.MlflowClient, group: str
) -> None:
    experiment = tracking.create_experiment(f"/Shared/{group}")
    edit = Request(group_name=group, permission_level=Level.CAN_EDIT)
    found = client.permissions.update("experiments", experiment, access_control_list=[edit])
    assert access(found)[group] == {("CAN_EDIT", False)}
    assert found.object_type == "mlflowExperiment"
    levels = client.permissions.get_permission_levels("experiments", experiment).permission_levels or []
    assert [str(level.permission_level.value) for level in levels if level.permission_level] == [
        "CAN_READ",
        "CAN_EDIT",
        "CAN_MANAGE",
    ]


def test_permissions_of_what_does_not_exist_are_not_found(client: WorkspaceClient, catalog: str) -> None:
    name = f"{catalog}.default.x"
    for kind, key in (
        ("serving-endpoints", "chat"),
        ("experiments", "987"),
        ("experiments", "9" * 30),
        ("registered-models", name),
    ):
        with pytest.raises(NotFound, match="does not exist"):
            client.permissions.get(kind, key)


def test_a_model_and_its_permissions_go_together(client: WorkspaceClient, catalog: str) -> None:
    def make() -> str:
        made = client.registered_models.create(catalog_name=catalog, schema_name="default", name="bot")
        return str(made.full_name)

    read = Request(group_name="users", permission_level=Level.CAN_READ)
    client.permissions.update("registered-models", make(), access_control_list=[read])
    client.registered_models.delete(f"{catalog}.default.bot")
    assert access(client.permissions.get("registered-models", make())) == DEFAULT


def test_permissions_go_with_the_model_not_with_its_name(
    client: WorkspaceClient, tracking: mlflow.MlflowClient, catalog: str
) -> None:
    old, new = f"{catalog}.default.old", f"{catalog}.default.new"
    tracking.create_registered_model(old)
    read = Request(group_name="users", permission_level=Level.CAN_READ)
    client.permissions.update("registered-models", old.upper().replace("OLD", "old"), access_control_list=[read])
    held = access(client.permissions.get("registered-models", old))
    assert held != DEFAULT
    client.registered_models.update(old, new_name="new")
    tracking.create_registered_model(old)
    assert access(client.permissions.get("registered-models", new)) == held
    assert access(client.permissions.get("registered-models", old)) == DEFAULT
    tracking.delete_registered_model(new)
    tracking.create_registered_model(new)
    assert access(client.permissions.get("registered-models", new)) == DEFAULT
