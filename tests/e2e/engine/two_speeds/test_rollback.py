"""A rollback reads and plans what it serves alone, also when somebody has changed the platform. In this order."""

from __future__ import annotations

import re

import pytest
from databricks.sdk.service.catalog import CatalogInfo, PermissionsChange, Privilege, SchemaInfo

from model_ops.proving.answer import ask, bearer
from tests.e2e.engine.two_speeds.pair import FULL_NAME, MODEL, Pair

pytestmark = pytest.mark.timeout(900)  # both stacks are deployed before the first test
OF_THE_PLATFORM = re.compile(
    r"/api/2\.1/unity-catalog/(?:catalogs|schemas|volumes|storage-credentials|external-locations|metastores|bindings"
    r"|workspace-bindings|current-metastore-assignment|permissions/(?:catalog|schema|volume)/)"
)
ENDPOINT = f"/api/2.0/serving-endpoints/{MODEL}"
OF_WHAT_IT_SERVES = re.compile(
    rf"{re.escape(ENDPOINT)}(?:/config|/tags)?|/api/2\.0/permissions/(?:serving-endpoints|experiments)/\w+"
    rf"|/api/2\.1/unity-catalog/(?:models|permissions/function)/{re.escape(FULL_NAME)}(?:/versions(?:/\d+)?)?"
    r"|/api/2\.0/mlflow/experiments/get(?:-by-name)?|/api/2\.0/fs/files/Models/prod/chatbot/chatbot/\d+/MLmodel"
    r"|/api/2\.0/preview/scim/v2/Me|/\.well-known/databricks-config"
)


def is_the_platforms(path: str) -> bool:
    return OF_THE_PLATFORM.match(path) is not None


def test_the_platform_is_as_its_file_says_and_a_second_up_changes_nothing(pair: Pair) -> None:
    grants = pair.client.grants.get("schema", "prod.inference").privilege_assignments or []
    held = {each.principal: [privilege.value for privilege in each.privileges or []] for each in grants}

    assert held["analysts"] == ["READ_VOLUME", "SELECT", "USE_SCHEMA"]
    assert [each.full_name for each in pair.client.volumes.list("prod", "chatbot")] == ["prod.chatbot.documents"]
    done = pair.platform.run("up")
    assert (done.error, done.recorder.steps) == (None, [])


def test_a_rollback_is_one_update_of_the_endpoint_though_the_platform_has_drifted_and_refuses(pair: Pair) -> None:
    pair.client.catalogs.update("prod", comment="changed by hand")
    lost = PermissionsChange(principal="ml-engineers", remove=[Privilege.USE_CATALOG])
    pair.client.grants.update("catalog", "prod", changes=[lost])
    pair.client.schemas.update("prod.inference", comment="changed by hand")
    pair.pin(1)

    with pair.border.refusing(is_the_platforms) as asked:
        done = pair.serving.run("up")

    assert done.error is None
    assert [(step.operation, step.name) for step in done.recorder.steps] == [("update", f"{MODEL}-endpoint")]
    assert [each for each in asked if is_the_platforms(each.path)] == []
    assert {each.path for each in asked if not OF_WHAT_IT_SERVES.fullmatch(each.path)} == set()
    assert {each for each in asked if each.method != "GET"} == {
        ("PUT", f"{ENDPOINT}/config"),
        ("PATCH", f"{ENDPOINT}/tags"),
    }
    url = f"{pair.border.upstream}/serving-endpoints/{MODEL}/invocations"
    assert ask(url, bearer(pair.serving.home.token), "What is a pin?").version == 1


def test_what_a_hand_did_to_the_platform_is_left_for_the_platforms_own_run(pair: Pair) -> None:
    catalog: CatalogInfo = pair.client.catalogs.get("prod")
    schema: SchemaInfo = pair.client.schemas.get("prod.inference")
    assert (catalog.comment, schema.comment) == ("changed by hand", "changed by hand")

    planned = pair.platform.run("preview")

    assert planned.error is None
    updated = {step.name for step in planned.recorder.steps if step.operation == "update"}
    assert updated == {"prod-catalog", "prod-grants", "prod.inference-schema"}


def test_the_platforms_own_run_does_not_get_past_the_same_refusal(pair: Pair) -> None:
    with pair.border.refusing(is_the_platforms) as asked:
        planned = pair.platform.run("preview")

    assert [each for each in asked if is_the_platforms(each.path)]
    assert planned.error is not None
    assert "no right on the platform" in planned.error


def test_what_is_there_already_is_refused_by_its_setting_and_taken_over_where_that_is_said(pair: Pair) -> None:
    pair.client.schemas.create("byhand", "prod")
    pair.edit("      schemas:\n", "      schemas:\n        byhand: {volumes: [notes]}\n")

    refused = pair.platform.run("preview").error or ""
    pair.edit("    prod:\n", "    prod:\n      adopt: true\n")
    planned = pair.platform.run("preview")

    assert "rollpin:catalogs.prod.schemas.byhand\n     found:   schema prod.byhand, which is there" in refused
    assert "write `adopt: true` for prod; to leave it alone, take it out" in refused
    assert "catalog prod," not in refused
    steps = {(step.operation, step.name) for step in planned.recorder.steps}
    assert (planned.error, steps & {("create", "prod-catalog"), ("import", "prod-catalog")}) == (None, set())
    assert {("import", "prod.byhand-schema"), ("create", "prod.byhand.notes-volume")} <= steps


def test_a_group_that_is_not_there_is_refused_before_anything_is_planned(pair: Pair) -> None:
    file = pair.project / "Pulumi.prod-serving.yaml"
    file.write_text(file.read_text().replace("[chatbot-users]", "[chatbot-usres]"))

    with pair.border.refusing(lambda _: False) as asked:
        planned = pair.serving.run("up")

    assert "`chatbot-usres`, a group that http://127.0.0.1" in (planned.error or "")
    assert "write `chatbot-users` instead" in (planned.error or "")
    assert planned.recorder.steps == []
    assert {each.method for each in asked} == {"GET"}
