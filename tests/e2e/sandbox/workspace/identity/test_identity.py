from __future__ import annotations

import uuid

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import NotFound, PermissionDenied, ResourceConflict
from databricks.sdk.service import iam


def unique(word: str) -> str:
    return f"{word}-{uuid.uuid4().hex[:8]}"


def test_the_caller_is_the_administrator(client: WorkspaceClient) -> None:
    me = client.current_user.me()
    assert me.user_name == "admin@sandbox.local"
    assert {group.display for group in me.groups or []} == {"admins", "users", "account users"}


def test_a_group_is_found_by_its_name_and_can_be_deleted(client: WorkspaceClient) -> None:
    name = unique("engineers")
    made = client.groups.create(display_name=name)
    assert [group.id for group in client.groups.list(filter=f'displayName eq "{name}"')] == [made.id]
    client.groups.delete(str(made.id))
    with pytest.raises(NotFound):
        client.groups.get(str(made.id))
    assert list(client.groups.list(filter=f'displayName eq "{name}"')) == []


def test_a_name_is_taken_once(client: WorkspaceClient) -> None:
    name = unique("engineers")
    client.groups.create(display_name=name)
    with pytest.raises(ResourceConflict, match="already exists"):
        client.groups.create(display_name=name.upper())
    assert len(list(client.groups.list(filter=f'displayName eq "{name}"'))) == 1


def test_members_join_and_leave_by_patch(client: WorkspaceClient) -> None:
    group = client.groups.create(display_name=unique("engineers"))
    user = client.users.create(user_name=f"{unique('u')}@example.com", display_name="A user")
    join = iam.Patch(op=iam.PatchOp.ADD, value={"members": [{"value": user.id}]})
    client.groups.patch(
        str(group.id), operations=[join], schemas=[iam.PatchSchema.URN_IETF_PARAMS_SCIM_API_MESSAGES_2_0_PATCH_OP]
    )
    members = client.groups.get(str(group.id)).members or []
    assert [(member.value, member.display) for member in members] == [(user.id, "A user")]
    assert [found.value for found in client.users.get(str(user.id)).groups or []] == [group.id]
    leave = iam.Patch(op=iam.PatchOp.REMOVE, path=f'members[value eq "{user.id}"]')
    client.groups.patch(str(group.id), operations=[leave])
    assert not client.groups.get(str(group.id)).members


def test_an_unknown_member_is_refused_and_the_group_stays_as_it_was(client: WorkspaceClient) -> None:
    group = client.groups.create(display_name=unique("engineers"))
    join = iam.Patch(op=iam.PatchOp.ADD, path="members", value=[{"value": "1"}])
    with pytest.raises(NotFound, match="Member with id 1"):
        client.groups.patch(str(group.id), operations=[join])
    assert not client.groups.get(str(group.id)).members


def test_a_deleted_user_leaves_its_groups(client: WorkspaceClient) -> None:
    user = client.users.create(user_name=f"{unique('u')}@example.com")
    group = client.groups.create(display_name=unique("g"), members=[iam.ComplexValue(value=user.id)])
    client.users.delete(str(user.id))
    assert not client.groups.get(str(group.id)).members


def test_a_service_principal_gets_an_application_id_or_keeps_its_own(client: WorkspaceClient) -> None:
    own = str(uuid.uuid4())
    made = client.service_principals.create(display_name="s", application_id=own)
    assert made.application_id == own
    assert client.service_principals.create(display_name="s").application_id not in {None, own}
    found = client.service_principals.list(filter=f"applicationId eq '{own}'")
    assert [principal.id for principal in found] == [made.id]


def test_the_systems_own_groups_and_the_administrator_stay(client: WorkspaceClient) -> None:
    admins = next(iter(client.groups.list(filter='displayName eq "admins"')))
    with pytest.raises(PermissionDenied):
        client.groups.delete(str(admins.id))
    with pytest.raises(PermissionDenied):
        client.users.delete(str(client.current_user.me().id))
    assert client.groups.get(str(admins.id)).display_name == "admins"
