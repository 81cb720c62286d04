"""A platform stack, which changes yearly, and a stack that serves from it, which changes weekly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stacks import rights
from tests.stacks.recorded import PROJECT, PROJECTS, WORKSPACE_URL, Stack, version

HOST = f"https://{WORKSPACE_URL}"
VERSIONS = {"prod.chatbot.chatbot": [version(number) for number in range(1, 8)]}
DEPLOYER = "33333333-4444-5555-6666-777777777777"
PLATFORM_ROUTES = ("/catalogs", "/schemas", "/permissions/catalog", "/permissions/schema", "/external-locations")
Run = Callable[..., Stack]


@pytest.fixture(scope="module")
def platform(run_once: Run) -> Stack:
    return run_once("prod-platform", project=PROJECTS)


@pytest.fixture(scope="module")
def serving(run_once: Run) -> Stack:
    return run_once("prod-serving", VERSIONS, project=PROJECTS)


def kinds(stack: Stack) -> set[str]:
    return {each.type.rpartition(":")[2] for each in stack.custom}


def given(stack: Stack) -> dict[str, dict[str, list[str]]]:
    """Privileges by principal, by what they are on."""
    return {
        str(each.inputs.get("catalog") or each.inputs["schema"]): {
            entry["principal"]: entry["privileges"] for entry in each.inputs["grants"]
        }
        for each in stack.of("Grants")
    }


def test_a_serving_stack_makes_what_it_serves_and_nothing_that_this_stands_on(serving: Stack) -> None:
    assert kinds(serving) == {"RegisteredModel", "Grants", "MlflowExperiment", "Permissions", "ModelServing"}
    assert not [each for each in serving.resources if each.type.startswith("azure-native:")]
    assert [each.inputs["model"] for each in serving.of("Grants")] == ["prod.chatbot.chatbot"]
    assert [each.name for each in serving.of("databricks")] == ["workspace"]


def test_a_serving_stack_asks_nothing_about_the_catalog(serving: Stack) -> None:
    asked = [path.removeprefix(HOST) for path in serving.asked]

    assert asked
    assert not [path for path in asked if any(route in path for route in PLATFORM_ROUTES)]
    assert serving.outputs["given"] == {}


def test_one_that_gives_the_way_there_asks_and_grants(run: Run, tmp_path: Path) -> None:
    text = (PROJECTS / "Pulumi.prod-serving.yaml").read_text()
    (tmp_path / "Pulumi.prod-serving.yaml").write_text(text.replace(", reach: false", ""))
    found = run("prod-serving", VERSIONS, project=tmp_path)

    assert {"catalog", "schema"} <= {key for each in found.of("Grant") for key in each.inputs}
    assert found.outputs["given"].keys() == {"catalog prod", "schema prod.chatbot"}


def test_a_platform_stack_makes_the_catalog_and_serves_nothing(platform: Stack) -> None:
    assert not kinds(platform) & {"ModelServing", "RegisteredModel", "MlflowExperiment", "Permissions"}
    assert platform.outputs["models"] == {}
    assert [each.inputs["name"] for each in platform.of("Schema")] == ["chatbot", "inference"]
    assert platform.one("Volume").inputs["volumeType"] == "MANAGED"
    assert platform.one("Volume").after == ("prod.chatbot-schema",)
    for each in (platform.one("Catalog"), *platform.of("Schema"), platform.one("Volume")):
        assert (each.protect, each.retained) == (True, True)


def test_each_role_gets_what_it_needs_and_no_more(platform: Stack) -> None:
    deploy = ["CREATE_MODEL", "CREATE_TABLE", "USE_SCHEMA"]

    assert given(platform) == {
        "prod": {each: ["USE_CATALOG"] for each in (DEPLOYER, "analysts", "chatbot-serving", "ml-engineers")},
        "prod.chatbot": {
            DEPLOYER: deploy,
            "chatbot-serving": ["USE_SCHEMA"],
            "ml-engineers": ["CREATE_MODEL_VERSION", "USE_SCHEMA"],
        },
        "prod.inference": {DEPLOYER: deploy, "analysts": ["READ_VOLUME", "SELECT", "USE_SCHEMA"]},
    }


def test_the_catalog_is_in_the_platforms_storage_and_bound_to_its_workspace(platform: Stack) -> None:
    catalog, binding = platform.one("Catalog"), platform.one("WorkspaceBinding")

    assert catalog.inputs["storageRoot"] == "abfss://unity-catalog@rollpinplatform.dfs.core.windows.net/prod"
    assert catalog.inputs["isolationMode"] == "ISOLATED"
    assert binding.inputs == {"securableName": "prod", "securableType": "catalog", "workspaceId": "3333333333333333"}
    assert binding.with_it == catalog.name


def test_the_platform_says_the_lines_that_lead_to_it(platform: Stack, serving: Stack) -> None:
    assert platform.outputs["adopt"]["host"] == serving.outputs["adopt"]["host"] == HOST
    assert platform.outputs["adopt"]["resourceId"].endswith("platform-workspace-workspace")


def test_what_others_gave_on_the_catalog_is_looked_up_where_the_last_run_left_the_workspace(run: Run) -> None:
    path = "/api/2.1/unity-catalog/permissions/catalog/prod"
    held = {"privilege_assignments": [{"principal": "jobs", "privileges": ["USE_CATALOG"]}]}

    found = run("prod-platform", project=PROJECTS, there={path: held}, last={"workspace_url": HOST})

    assert f"{HOST}{path}" in found.asked
    assert given(found)["prod"]["jobs"] == ["USE_CATALOG"]


def test_a_stack_that_had_models_in_its_catalog_keeps_the_same_resources_when_it_becomes_a_platform(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    access = "access: {manage: [engineers], execute: [serving]}"
    file.write_text(f"config:\n  rollpin:models:\n    m: {{catalog: c, schema: s, createCatalog: true, {access}}}\n")
    before = run("dev", project=tmp_path, host=HOST)
    file.write_text(f"config:\n  rollpin:models: {{}}\n  rollpin:catalogs: {{c: {{schemas: {{s: {{{access}}}}}}}}}\n")

    after = run("dev", project=tmp_path, host=HOST, last={"given": before.outputs["given"]})

    said = {(each.type, each.name, each.parent, each.within, str(each.inputs)) for each in after.custom}
    assert {each.type.rpartition(":")[2] for each in after.custom} == {"Catalog", "Schema", "Grants"}
    assert said <= {(each.type, each.name, each.parent, each.within, str(each.inputs)) for each in before.custom}


def test_the_serving_stack_needs_no_right_on_the_platform(platform: Stack, serving: Stack) -> None:
    asked = {row.right.where for row in rights.rows(serving)}

    assert asked == {rights.SCHEMA, rights.WORKSPACE, rights.MADE}
    assert {row.right.where for row in rights.rows(platform)} == {*rights.PLATFORM}


@pytest.mark.parametrize("stack", ["platform", "serving"])
def test_the_page_tells_the_right_that_each_resource_takes(request: pytest.FixtureRequest, stack: str) -> None:
    page = (PROJECT / "docs" / "two-speeds.md").read_text()
    table = "\n".join(map(str, rights.rows(request.getfixturevalue(stack))))

    assert f"|---|---|---|\n{table}\n\n" in page, f"the table of the {stack} stack is now\n{table}"
