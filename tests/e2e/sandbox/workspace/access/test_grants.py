from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotFound
from databricks.sdk.service.catalog import PermissionsChange, Privilege

P = Privilege


@pytest.fixture
def group(client: WorkspaceClient, catalog: str) -> Iterator[str]:
    made = client.groups.create(display_name=f"engineers-{catalog}")
    yield str(made.display_name)
    if made.id in {found.id for found in client.groups.list()}:
        client.groups.delete(str(made.id))


def held(client: WorkspaceClient, kind: str, name: str) -> dict[str, set[str]]:
    found = client.grants.get(kind, name).privilege_assignments or []
    return {str(item.principal): {privilege.value for privilege in item.privileges or []} for item in found}


def test_privileges_are_added_and_removed(client: WorkspaceClient, catalog: str, group: str) -> None:
    change = PermissionsChange(principal=group, add=[P.USE_CATALOG, P.CREATE_SCHEMA])
    client.grants.update("catalog", catalog, changes=[change])
    assert held(client, "catalog", catalog) == {group: {"USE_CATALOG", "CREATE_SCHEMA"}}
    change = PermissionsChange(principal=group, remove=[P.USE_CATALOG, P.CREATE_SCHEMA])
    client.grants.update("CATALOG", catalog.upper(), changes=[change])
    assert held(client, "catalog", catalog) == {}


def test_a_model_is_granted_as_a_function(client: WorkspaceClient, catalog: str, group: str) -> None:
    name = str(client.registered_models.create(catalog_name=catalog, schema_name="default", name="bot").full_name)
    client.grants.update("function", name, changes=[PermissionsChange(principal=group, add=[P.EXECUTE])])
    assert held(client, "function", name) == {group: {"EXECUTE"}}
    client.registered_models.delete(name)
    client.registered_models.create(catalog_name=catalog, schema_name="default", name="bot")
    assert held(client, "function", name) == {}


@pytest.mark.parametrize("kind", ["function", "FUNCTION"])
def test_a_models_grants_are_listed_as_the_command_line_of_databricks_asks(
    client: WorkspaceClient, catalog: str, group: str, kind: str
) -> None:
    name = str(client.registered_models.create(catalog_name=catalog, schema_name="default", name="bot").full_name)
    change = PermissionsChange(principal=group, add=[P.EXECUTE])
    quiet = client.grants.update(kind, name, changes=[change], omit_permissions_in_response=True)
    client.grants.update("catalog", catalog, changes=[PermissionsChange(principal=group, add=[P.MANAGE])])

    assert not quiet.privilege_assignments
    assert [(found.principal, found.privileges) for found in client.grants.list(kind, name)] == [(group, [P.EXECUTE])]
    effective = {found.principal: found.privileges or [] for found in client.grants.list_effective(kind, name)}
    assert {(held.privilege, held.inherited_from_name) for held in effective[group]} == {
        (P.EXECUTE, None),
        (P.MANAGE, catalog),
    }
    assert list(client.grants.list(kind, name, principal="nobody")) == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("MODEL", "MODEL is not enabled. The grants of a registered model are those of a function: ask for function/"),
        ("registered_model", "REGISTERED_MODEL is not a valid securable type. The grants of a registered model are"),
        ("nonsense", "NONSENSE is not a valid securable type. It is one of AGENT_SERVICE, CATALOG, "),
    ],
)
def test_a_type_that_names_no_securable_is_refused_with_the_one_that_does(
    client: WorkspaceClient, catalog: str, kind: str, said: str
) -> None:
    with pytest.raises(BadRequest, match=re.escape(said)):
        client.grants.get(kind, f"{catalog}.default.bot")


def test_a_page_that_is_too_small_for_a_principal_is_refused(client: WorkspaceClient, catalog: str) -> None:
    with pytest.raises(InvalidParameterValue, match="150 and more"):
        client.grants.get("catalog", catalog, max_results=149)
    assert client.grants.get("catalog", catalog, max_results=150).privilege_assignments is not None


@pytest.mark.parametrize("principal", ["nobody", "admins", "users", ""])
def test_a_principal_that_unity_catalog_does_not_know_is_refused(
    client: WorkspaceClient, catalog: str, group: str, principal: str
) -> None:
    known = PermissionsChange(principal=group, add=[P.USE_CATALOG])
    with pytest.raises(NotFound, match=f"Could not find principal with name {principal}"):
        client.grants.update(
            "catalog", catalog, changes=[known, PermissionsChange(principal=principal, add=[P.USE_CATALOG])]
        )
    assert held(client, "catalog", catalog) == {}


def test_a_privilege_of_another_type_is_refused(client: WorkspaceClient, catalog: str, group: str) -> None:
    wrong = PermissionsChange(principal=group, add=[P.USE_SCHEMA, P.USE_CATALOG])
    with pytest.raises(InvalidParameterValue, match="USE_CATALOG is not applicable"):
        client.grants.update("schema", f"{catalog}.default", changes=[wrong])
    assert held(client, "schema", f"{catalog}.default") == {}


def test_a_service_principal_goes_by_its_application_id(client: WorkspaceClient, catalog: str) -> None:
    made = client.service_principals.create(display_name=f"serving-{catalog}")
    with pytest.raises(NotFound, match="Could not find principal"):
        client.grants.update(
            "catalog", catalog, changes=[PermissionsChange(principal=made.display_name, add=[P.USE_CATALOG])]
        )
    change = PermissionsChange(principal=made.application_id, add=[P.USE_CATALOG])
    client.grants.update("catalog", catalog, changes=[change])
    assert held(client, "catalog", catalog) == {str(made.application_id): {"USE_CATALOG"}}
    client.service_principals.delete(str(made.id))
    assert held(client, "catalog", catalog) == {}


def test_grants_on_what_does_not_exist_are_not_found(client: WorkspaceClient, catalog: str) -> None:
    for kind, name in (("catalog", "nowhere"), ("schema", f"{catalog}.x"), ("function", f"{catalog}.default.x")):
        with pytest.raises(NotFound, match="does not exist"):
            client.grants.get(kind, name)
