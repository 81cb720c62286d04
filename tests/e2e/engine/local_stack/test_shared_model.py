"""What two entries share, what somebody else set, and what access lists will take away: on the engine and a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.catalog import PermissionsChange, Privilege

from tests.documents import shown
from tests.e2e.engine.local_stack.deployed_stack import Rehearsal

LONG = "a_ranker_that_orders_what_the_shop_has_by_what_whoever_asks_is_likely_to_want"
MODEL = f"local.chatbot.{LONG}"
SCHEMA = "local.chatbot"
MAKER = f"    maker: {{model: {LONG}, access: {{execute: [chatbot-serving]}}"
USER = f"    user: {{model: {LONG}, createModel: false, access: {{manage: [ml-engineers]}}}}\n"


@pytest.fixture
def client(rehearsal: Rehearsal) -> WorkspaceClient:
    return WorkspaceClient(host=rehearsal.home.url, token=rehearsal.home.token, auth_type="pat")


@pytest.fixture
def entries(rehearsal: Rehearsal) -> Iterator[Callable[[str], None]]:
    """Write two entries of one model that have catalog and schema from the defaults; in the end they are gone."""
    before = rehearsal.file.read_text()
    common = "  rollpin:defaults: {catalog: local, schema: chatbot, createCatalog: true}\n  rollpin:models:\n"

    def write(more: str = "") -> None:
        rehearsal.file.write_text(before.replace("  rollpin:models:\n", f"{common}{MAKER}{more}}}\n{USER}", 1))

    yield write
    rehearsal.file.write_text(before)
    assert rehearsal.stack.run("up").error is None


def held(client: WorkspaceClient, securable: str, name: str) -> dict[str, set[str]]:
    assignments = client.grants.get(securable, name).privilege_assignments or []
    return {str(each.principal): {str(one.value) for one in each.privileges or []} for each in assignments}


def test_two_entries_of_one_model_settle_and_leave_alone_what_is_not_theirs(
    rehearsal: Rehearsal, client: WorkspaceClient, entries: Callable[..., None]
) -> None:
    client.groups.create(display_name="strangers")
    entries()
    assert rehearsal.stack.run("up").error is None
    execute = [PermissionsChange(principal="strangers", add=[Privilege.EXECUTE])]
    client.grants.update("function", MODEL, changes=execute)
    select = [PermissionsChange(principal="strangers", add=[Privilege.SELECT])]
    client.grants.update("schema", SCHEMA, changes=select)
    client.registered_models.update(MODEL, comment="by hand")

    told: list[str] = []
    rehearsal.stack.report = told.append
    preview = rehearsal.stack.run("preview")
    rehearsal.stack.report = print
    up, again = rehearsal.stack.run("up"), rehearsal.stack.run("preview")

    assert preview.error is None
    (loss,) = [line for line in told if "will lose" in line]
    assert f"strangers will lose EXECUTE on registered model {MODEL}: `access` of maker in" in loss
    here = {
        f"{rehearsal.stack.directory}/": "",
        MODEL: "prod.serving.churn",
        "of maker": "of churn",
        "local.yaml": "prod.yaml",
    }
    for found, on_the_page in here.items():
        loss = loss.replace(found, on_the_page)
    shown.confirm("who will lose what", f"warning: {loss.strip().removeprefix('warning: ')}")
    assert [step.kind for step in preview.recorder.steps if step.operation == "update"] == ["Grants"]
    assert up.error is None
    assert set(again.changes) == {"same"}
    assert held(client, "function", MODEL) == {
        "chatbot-serving": {"EXECUTE"},
        "ml-engineers": {"APPLY_TAG", "EXECUTE", "MANAGE"},
    }
    assert held(client, "schema", SCHEMA)["strangers"] == {"SELECT"}
    assert client.registered_models.get(MODEL).comment == "by hand"

    entries(", comment: by the stack, owner: ml-engineers")
    said = rehearsal.stack.run("up")
    entries()
    unsaid = rehearsal.stack.run("up")

    assert (said.error, unsaid.error) == (None, None)
    assert said.changes["update"] == 1
    assert set(unsaid.changes) == {"same"}
    model = client.registered_models.get(MODEL)
    assert (model.comment, model.owner) == ("by the stack", "ml-engineers")
