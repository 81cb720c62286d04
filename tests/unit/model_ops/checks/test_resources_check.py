"""What a model declares to use is asked for at a workspace: a server on this machine that knows some of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from model_ops.checks.report import Check
from model_ops.checks.resources import MOST, check_resources
from model_ops.deployed import DeployedStack
from model_ops.versions.resources import Declared, Resource
from tests.unit.model_ops.known_workspace import deployed

SERVER = "11111111-2222-3333-4444-555555555555"
INDEX = Resource(kind="vector_search_index", name="prod.serving.docs_index")
ENDPOINT = Resource(kind="serving_endpoint", name="embedder")
CATALOG = "/api/2.1/unity-catalog"
SCIM = "/api/2.0/preview/scim/v2"


def held(**privileges: list[str]) -> dict[str, Any]:
    return {
        "privilege_assignments": [
            {"principal": SERVER if who == "server" else who, "privileges": [{"privilege": each} for each in what]}
            for who, what in privileges.items()
        ]
    }


def workspace() -> dict[str, Any]:
    """A workspace in which the service principal that serves may use the index and the endpoint."""
    return {
        "/api/2.0/serving-endpoints/bot": {"creator": SERVER},
        f"{SCIM}/Users": {},
        f"{SCIM}/ServicePrincipals": {},
        f"/api/2.0/vector-search/indexes/{INDEX.name}": {"name": INDEX.name},
        f"{CATALOG}/effective-permissions/table/{INDEX.name}": held(server=["SELECT"]),
        f"{CATALOG}/tables/{INDEX.name}": {"owner": "somebody@example.com"},
        f"{CATALOG}/effective-permissions/schema/prod.serving": held(server=["USE_SCHEMA"]),
        f"{CATALOG}/schemas/prod.serving": {"owner": "somebody@example.com"},
        f"{CATALOG}/effective-permissions/catalog/prod": held(server=["USE_CATALOG"]),
        f"{CATALOG}/catalogs/prod": {"owner": "somebody@example.com"},
        "/api/2.0/serving-endpoints/embedder": {"id": "e1"},
        "/api/2.0/permissions/serving-endpoints/e1": permissions("service_principal_name", SERVER, "CAN_QUERY"),
    }


def permissions(field: str, who: str, level: str) -> dict[str, Any]:
    admins = {"group_name": "admins", "all_permissions": [{"permission_level": "CAN_MANAGE"}]}
    return {"access_control_list": [{field: who, "all_permissions": [{"permission_level": level}]}, admins]}


@pytest.fixture
def known() -> dict[str, Any]:
    return workspace()


@pytest.fixture
def stack(known: dict[str, Any]) -> Iterator[DeployedStack]:
    with deployed(known) as found:
        yield found


def checked(stack: DeployedStack, *resources: Resource, problem: str | None = None) -> Check:
    return check_resources(stack, stack.model(), Declared(resources=resources, problem=problem))


def test_a_model_that_declares_nothing_passes(stack: DeployedStack) -> None:
    found = checked(stack)
    assert (found.outcome, found.found) == ("passed", "it declares none")


def test_what_is_there_and_may_be_used_passes_and_is_named(stack: DeployedStack) -> None:
    found = checked(stack, INDEX, ENDPOINT)
    assert (found.outcome, found.mend) == ("passed", None)
    assert found.found == (
        f"{SERVER}, who created endpoint bot, may use what it declares: "
        "vector_search_index prod.serving.docs_index; serving_endpoint embedder"
    )


def test_what_does_not_exist_fails_and_what_does_is_not_named_beside_it(stack: DeployedStack) -> None:
    found = checked(stack, ENDPOINT, Resource(kind="table", name="prod.serving.gone"))
    assert found.outcome == "failed"
    assert "table prod.serving.gone does not exist" in found.found
    assert "embedder" not in found.found
    assert "log the model again" in str(found.mend)


def test_a_privilege_that_is_lacking_comes_with_its_grant_and_no_other(
    stack: DeployedStack, known: dict[str, Any]
) -> None:
    known[f"{CATALOG}/effective-permissions/table/{INDEX.name}"] = held()
    found = checked(stack, INDEX)
    assert found.outcome == "failed"
    assert "vector_search_index prod.serving.docs_index needs SELECT on prod.serving.docs_index" in found.found
    assert found.mend == f"GRANT SELECT ON TABLE prod.serving.docs_index TO `{SERVER}`"


def test_a_permission_that_is_lacking_comes_with_the_command_that_gives_it(
    stack: DeployedStack, known: dict[str, Any]
) -> None:
    known["/api/2.0/permissions/serving-endpoints/e1"] = permissions("service_principal_name", SERVER, "CAN_VIEW")
    found = checked(stack, ENDPOINT)
    assert (found.outcome, "serving_endpoint embedder needs CAN_QUERY" in found.found) == ("failed", True)
    assert "databricks permissions update serving-endpoints e1 --json" in str(found.mend)
    assert f'"service_principal_name": "{SERVER}", "permission_level": "CAN_QUERY"' in str(found.mend)


@pytest.mark.parametrize("resource", [INDEX, ENDPOINT])
def test_what_a_group_may_use_is_not_told_and_refuses_nothing(
    stack: DeployedStack, known: dict[str, Any], resource: Resource
) -> None:
    known[f"{CATALOG}/effective-permissions/table/{INDEX.name}"] = held(readers=["SELECT"])
    known["/api/2.0/permissions/serving-endpoints/e1"] = permissions("group_name", "readers", "CAN_QUERY")
    found = checked(stack, resource)
    assert (found.outcome, "through a group, which cannot be told: " in found.found) == ("unknown", True)


def test_what_everybody_of_the_workspace_may_use_passes(stack: DeployedStack, known: dict[str, Any]) -> None:
    known["/api/2.0/permissions/serving-endpoints/e1"] = permissions("group_name", "users", "CAN_QUERY")
    assert checked(stack, ENDPOINT).outcome == "passed"


def test_what_is_used_on_behalf_of_the_user_is_asked_for_and_its_rights_are_not(
    stack: DeployedStack, known: dict[str, Any]
) -> None:
    known["/api/2.0/permissions/serving-endpoints/e1"] = permissions("user_name", "a@example.com", "CAN_VIEW")
    as_user = Resource(kind="serving_endpoint", name="embedder", on_behalf_of_user=True)
    gone = Resource(kind="serving_endpoint", name="gone", on_behalf_of_user=True)
    assert [checked(stack, each).outcome for each in (as_user, gone)] == ["passed", "failed"]


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        (Resource(kind="uc_model_service", name="prod.a.b"), "no way is known to ask for one"),
        (Resource(kind="sql_warehouse", name="w1"), "it cannot be asked for from here"),
    ],
)
def test_what_cannot_be_asked_is_unknown_and_said_so(
    stack: DeployedStack, known: dict[str, Any], resource: Resource, words: str
) -> None:
    known["/api/2.0/sql/warehouses/w1"] = None
    found = checked(stack, resource)
    assert (found.outcome, words in found.found, found.mend) == ("unknown", True, None)


def test_a_name_without_three_parts_fails_before_anything_is_asked(stack: DeployedStack) -> None:
    found = checked(stack, Resource(kind="table", name="docs"))
    assert (found.outcome, "catalog.schema.name" in found.found) == ("failed", True)


def test_only_so_many_are_asked_for_and_the_rest_is_told(stack: DeployedStack) -> None:
    many = [Resource(kind="uc_model_service", name=f"a.b.c{at}") for at in range(MOST + 2)]
    assert "the last 2 of them were not asked for" in checked(stack, *many).found


def test_what_it_declares_in_a_form_that_is_not_known_is_unknown(stack: DeployedStack) -> None:
    found = checked(stack, problem="they are of api_version 2, and 1 is known")
    assert (found.outcome, "api_version 2" in found.found) == ("unknown", True)
