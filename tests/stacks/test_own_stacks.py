"""Stacks as people have them, test, prod and local, each from a file: what they make and do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.outputs import OF_MODEL, OF_STACK
from infra.settings.load import load
from tests.stacks.recorded import PROJECTS, Registered, Stack, version

MODEL = "dbdemos_advanced_chatbot_model"
SANDBOX = "http://127.0.0.1:5000"
SETTINGS = {stack: load(PROJECTS / f"Pulumi.{stack}.yaml", stack) for stack in ("test", "prod")}
PINS = {stack: settings.models[MODEL].served_version for stack, settings in SETTINGS.items()}
HOSTS = {stack: settings.platform.adopt.host for stack, settings in SETTINGS.items()}

Run = Callable[..., Stack]


@pytest.fixture(scope="module", params=["test", "prod"])
def served(request: pytest.FixtureRequest, run_once: Run) -> Stack:
    """Each of the two stacks that pin, in a workspace that has every version up to the pin."""
    stack = request.param
    versions = [version(number) for number in range(1, PINS[stack] + 1)]
    found = run_once(stack, {f"{stack}.chatbot.{MODEL}": versions}, project=PROJECTS)
    found.name = stack
    return found


@pytest.fixture(scope="module")
def local(run_once: Run) -> Stack:
    return run_once("local", host=SANDBOX, project=PROJECTS)


def test_the_pin_of_the_file_is_what_the_endpoint_serves(served: Stack) -> None:
    pin = PINS[served.name]
    config = served.one("ModelServing").inputs["config"]

    (entity,) = config["servedEntities"]
    assert entity["name"] == f"{MODEL}-v{pin}"
    assert entity["entityName"] == f"{served.name}.chatbot.{MODEL}"
    assert entity["entityVersion"] == str(pin)
    assert config["trafficConfig"]["routes"] == [{"servedModelName": f"{MODEL}-v{pin}", "trafficPercentage": 100}]


def test_an_endpoint_says_which_version_and_run_it_serves(served: Stack) -> None:
    tags = {tag["key"]: tag["value"] for tag in served.one("ModelServing").inputs["tags"]}
    pin = PINS[served.name]

    assert tags == {"team": "chatbot", "environment": served.name, "model_version": str(pin), "run_id": f"run-{pin}"}


def test_requests_and_answers_are_kept_beside_the_model(served: Stack) -> None:
    table = served.one("ModelServing").inputs["aiGateway"]["inferenceTableConfig"]

    assert table == {
        "enabled": True,
        "catalogName": served.name,
        "schemaName": "chatbot",
        "tableNamePrefix": "chatbot",
    }


def test_a_catalog_that_others_use_gets_no_authoritative_grants(served: Stack) -> None:
    assert not served.of("Catalog")
    assert not [grants for grants in served.of("Grants") if "catalog" in grants.inputs]
    single = {grant.inputs["principal"]: grant.inputs for grant in served.of("Grant")}
    assert single.keys() == {"ml-engineers", "chatbot-serving"}
    for grant in single.values():
        assert (grant["catalog"], grant["privileges"]) == (served.name, ["USE_CATALOG"])


def test_grants_are_these_and_no_others(served: Stack) -> None:
    found = {
        grants.inputs.get("schema") or grants.inputs.get("model"): {
            entry["principal"]: entry["privileges"] for entry in grants.inputs["grants"]
        }
        for grants in served.of("Grants")
    }

    assert found == {
        f"{served.name}.chatbot": {
            "chatbot-serving": ["USE_SCHEMA"],
            "ml-engineers": ["CREATE_MODEL_VERSION", "USE_SCHEMA"],
        },
        f"{served.name}.chatbot.{MODEL}": {
            "chatbot-serving": ["EXECUTE"],
            "ml-engineers": ["APPLY_TAG", "EXECUTE", "MANAGE"],
        },
    }


def test_permissions_are_these_and_no_others(served: Stack) -> None:
    endpoint, experiment = sorted(served.of("Permissions"), key=lambda each: "experimentId" in each.inputs)

    assert endpoint.inputs == {
        "servingEndpointId": "serving-endpoint-id",
        "accessControls": [
            {"groupName": "chatbot-users", "permissionLevel": "CAN_QUERY"},
            {"groupName": "ml-engineers", "permissionLevel": "CAN_MANAGE"},
        ],
    }
    assert experiment.inputs["accessControls"] == [{"groupName": "ml-engineers", "permissionLevel": "CAN_MANAGE"}]


def test_what_holds_data_and_what_people_call_is_protected_and_nothing_else(served: Stack) -> None:
    protected = {each.type.rsplit(":", 1)[-1] for each in served.resources if each.protect}
    retained = {each.type.rsplit(":", 1)[-1] for each in served.resources if each.retained}

    assert retained == {"Schema", "RegisteredModel", "MlflowExperiment"}
    assert protected == {*retained, "ModelServing"}


def test_everything_goes_through_the_adopted_workspaces_provider(served: Stack) -> None:
    provider = served.one("databricks")

    assert provider.inputs["host"] == HOSTS[served.name]
    assert all("::workspace::" in each.provider for each in served.custom)
    assert all(asked.startswith(f"{HOSTS[served.name]}/") for asked in served.asked)


def test_no_credential_reaches_an_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_TOKEN", "dapi-secret")
    found = run("test", {f"test.chatbot.{MODEL}": [version(PINS["test"])]}, project=PROJECTS)

    assert found.one("databricks").inputs.keys() == {"host"}
    assert "dapi-secret" not in str(found)


def test_nothing_of_azure_is_made_in_a_workspace_that_exists(served: Stack) -> None:
    assert not [each for each in served.resources if each.type.startswith("azure-native:")]
    assert not served.of("MetastoreAssignment")


def test_the_proof_follows_every_create_and_update_of_the_endpoint_and_an_error_is_explained(served: Stack) -> None:
    hooks = served.one("ModelServing").hooks
    explained = [each for each in served.resources if each.hooks["on_error"]]
    proven: list[Registered] = [each for each in served.resources if each.hooks["after_update"]]

    assert hooks == {
        "after_create": [f"{MODEL}-serves-its-pin"],
        "after_update": [f"{MODEL}-serves-its-pin"],
        "before_create": ["serving endpoint chatbot is free"],
        "on_error": [f"{MODEL}-tells-why"],
    }
    assert explained == proven
    assert [each.type.rsplit(":", 1)[-1] for each in proven] == ["ModelServing"]
    assert served.one("ModelServing").timeouts == ("45m", "45m")


def test_the_outputs_say_what_is_pinned(served: Stack) -> None:
    pin, host = PINS[served.name], HOSTS[served.name]

    assert served.outputs["workspace_url"] == host
    assert served.outputs["models"] == {
        MODEL: {
            "full_name": f"{served.name}.chatbot.{MODEL}",
            "endpoint_name": "chatbot",
            "endpoint_url": f"{host}/serving-endpoints/chatbot/invocations",
            "pinned_version": pin,
            "warm_versions": [],
            "retired": None,
            "replacing": None,
            "canary": None,
            "run_id": f"run-{pin}",
            "experiment_name": f"/Shared/rollpin-{served.name}-{MODEL}",
        }
    }


def test_without_a_pin_all_is_made_but_the_endpoint(local: Stack) -> None:
    made = sorted(each.type.rsplit(":", 1)[-1] for each in local.custom)

    assert made == [
        "Catalog",
        "Grants",
        "Grants",
        "Grants",
        "MlflowExperiment",
        "Permissions",
        "RegisteredModel",
        "Schema",
        "SecretAcl",
        "SecretScope",
        "VectorSearchEndpoint",
        "VectorSearchIndex",
    ]
    assert not [path for path in local.asked if "/scim/v2/" not in path], "of those whom it names alone"
    assert local.outputs["models"][MODEL]["endpoint_url"] is None
    assert local.outputs["models"][MODEL]["pinned_version"] is None


def test_the_local_stack_lives_where_the_environment_says_and_lets_itself_be_destroyed(local: Stack) -> None:
    assert local.outputs["workspace_url"] == SANDBOX
    assert not local.of("databricks")
    assert not [each for each in local.resources if each.protect or each.retained]


def test_each_thing_waits_for_what_it_is_in(local: Stack) -> None:
    assert "local-catalog" in local.one("Schema").after
    assert "local.chatbot-schema" in local.one("RegisteredModel").after
    assert {grants.after for grants in local.of("Grants")} == {
        ("local-catalog",),
        ("local.chatbot-schema",),
        (f"{MODEL}-model",),
    }


def test_a_stack_says_of_itself_what_the_page_of_outputs_explains(served: Stack) -> None:
    outputs = served.outputs

    assert outputs.keys() == OF_STACK.keys()
    assert outputs["models"][MODEL].keys() == OF_MODEL.keys()
