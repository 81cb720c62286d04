"""An endpoint that somebody made by hand: refused, taken over, rolled back, retired, forgotten. In this order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import NotFound

from model_ops.cli import main
from model_ops.errors import ModelOpsError
from model_ops.pinning import pins
from model_ops.proving.answer import ask, bearer
from tests.documents import shown
from tests.e2e.engine import versions
from tests.e2e.engine.local_stack.deployed_stack import Rehearsal

THIS = "tests/e2e/engine/local_stack/test_adoption.py"
MODEL = "evolve"
FULL_NAME = f"local.chatbot.{MODEL}"
ENDPOINT = f"/api/2.0/serving-endpoints/{MODEL}"
LIMITS = [{"calls": 6000, "key": "endpoint", "renewal_period": "minute"}]
ENTRY = f"""\
    {MODEL}:
      catalog: local
      schema: chatbot
      createCatalog: true
      servedVersion: 2
"""


@dataclass(frozen=True)
class ByHand:
    """The local stack, and beside it a model with an endpoint of its own that no stack has made."""

    rehearsal: Rehearsal
    client: WorkspaceClient

    def endpoint(self) -> dict[str, Any]:
        found: Any = self.client.api_client.do("GET", ENDPOINT)
        return dict(found)

    def entities(self) -> list[tuple[str, str, dict[str, str]]]:
        entities = self.endpoint()["config"]["served_entities"]
        return [(each["name"], each["entity_version"], each.get("environment_vars", {})) for each in entities]

    def entry(self, text: str) -> None:
        """Write the model's entry, or none."""
        self.rehearsal.entry(MODEL, text)


@pytest.fixture(scope="module")
def by_hand(rehearsal: Rehearsal) -> Iterator[ByHand]:
    """Version 2 has the traffic, version 1 stands by, as the UI names them; with a variable, a limit and a tag."""
    client = WorkspaceClient(host=rehearsal.home.url, token=rehearsal.home.token, auth_type="pat")
    versions.register(rehearsal.home, FULL_NAME)
    entities = [
        {"entity_name": FULL_NAME, "entity_version": "2", "workload_size": "Medium", "scale_to_zero_enabled": False},
        {"entity_name": FULL_NAME, "entity_version": "1", "workload_size": "Medium", "scale_to_zero_enabled": False},
    ]
    entities[0]["environment_vars"] = {"INDEX": "docs"}
    routes = [
        {"served_model_name": f"{MODEL}-2", "traffic_percentage": 100},
        {"served_model_name": f"{MODEL}-1", "traffic_percentage": 0},
    ]
    config = {"served_entities": entities, "traffic_config": {"routes": routes}}
    tags = [{"key": "team", "value": "hands"}]
    client.api_client.do("POST", "/api/2.0/serving-endpoints", body={"name": MODEL, "config": config, "tags": tags})
    client.serving_endpoints.wait_get_serving_endpoint_not_updating(MODEL)
    client.api_client.do("PUT", f"{ENDPOINT}/ai-gateway", body={"rate_limits": LIMITS})
    made = ByHand(rehearsal, client)
    yield made
    made.entry("")
    for version in client.model_versions.list(FULL_NAME):
        client.model_versions.delete(FULL_NAME, version.version or 0)
    client.registered_models.delete(FULL_NAME)


def test_what_is_there_is_named_whole_and_left_as_it_is(by_hand: ByHand) -> None:
    before = by_hand.endpoint()
    by_hand.entry(ENTRY)

    planned = by_hand.rehearsal.stack.run("preview")

    assert planned.error is not None
    assert "Pulumi.local.yaml asks to create what is there already. It was left as it is." in planned.error
    assert f"registered model {FULL_NAME}, which is there and is not this stack's" in planned.error
    assert f"serving endpoint {MODEL}, which is there and is not this stack's" in planned.error
    assert "write `adopt: true` for evolve" in planned.error
    words = planned.error.replace(f"{by_hand.rehearsal.stack.directory}/", "")
    shown.confirm("what is there already", f"error: {words}")
    assert "catalog local" not in planned.error
    assert "schema local.chatbot" not in planned.error
    assert "Traceback" not in planned.error
    done = by_hand.rehearsal.stack.run("up")
    assert done.error == planned.error
    assert by_hand.endpoint() == before
    with pytest.raises(NotFound):
        by_hand.client.experiments.get_by_name(f"/Shared/rollpin-local-{MODEL}")


def test_a_command_writes_its_settings_and_says_what_they_leave_unsaid(by_hand: ByHand) -> None:
    by_hand.entry("")
    here = ["--project", str(by_hand.rehearsal.home.root)]

    every = CliRunner().invoke(main, ["adopt", "--all", "--stack", "local", *here])
    told, written = (CliRunner().invoke(main, [*words, *here]) for words in shown.commands(THIS))

    assert (told.exit_code, written.exit_code, every.stdout) == (0, 0, told.stdout)
    assert "+      servedVersion: 2" in told.stdout
    assert "environment_vars" not in told.stderr
    assert "rate_limits" not in told.stderr
    shown.confirm("what adopt writes", by_hand.rehearsal.file.read_text())
    again = CliRunner().invoke(main, ["adopt", MODEL, "--stack", "local", *here])
    assert again.exit_code == 1
    assert "has an entry for endpoint evolve already" in again.stderr


def test_what_was_written_is_imported_without_a_change_while_it_goes_on_answering(by_hand: ByHand) -> None:
    before, servers = by_hand.endpoint(), by_hand.rehearsal.model_servers()
    planned = by_hand.rehearsal.stack.run("preview")
    assert planned.error is None
    assert {**planned.changes, "same": 0} == {"import": 3, "same": 0}

    with asking(by_hand) as answers:
        done = by_hand.rehearsal.stack.run("up")

    assert done.error is None
    assert {**done.changes, "same": 0} == {"import": 3, "same": 0}
    assert set(answers) == {f"{MODEL}-2"}
    assert by_hand.endpoint() == before
    assert by_hand.rehearsal.model_servers() == servers
    without_line = by_hand.rehearsal.file.read_text().replace("      adopt: true\n", "")
    for text in (by_hand.rehearsal.file.read_text(), without_line):
        by_hand.rehearsal.file.write_text(text)
        assert set(by_hand.rehearsal.stack.run("up").changes) == {"same"}


def test_a_rollback_keeps_names_and_all_that_was_set_by_hand(by_hand: ByHand) -> None:
    servers = by_hand.rehearsal.model_servers()
    pins.pin(by_hand.rehearsal.file, MODEL, 1)

    assert by_hand.rehearsal.stack.run("up").error is None

    assert by_hand.entities() == [(f"{MODEL}-2", "2", {"INDEX": "docs"}), (f"{MODEL}-1", "1", {})]
    assert by_hand.rehearsal.model_servers() == servers
    assert by_hand.endpoint()["ai_gateway"] == {"rate_limits": LIMITS}
    assert answering(by_hand) == f"{MODEL}-1"
    tags = {tag["key"]: tag["value"] for tag in by_hand.endpoint()["tags"]}
    assert (tags["team"], tags["model_version"]) == ("hands", "1")


def test_retiring_takes_the_endpoint_down_and_keeps_the_versions_also_when_the_entry_goes(by_hand: ByHand) -> None:
    stack, file = by_hand.rehearsal.stack, by_hand.rehearsal.file
    file.write_text(
        file.read_text().replace("      servedVersion: 1\n", "      servedVersion: 1\n      retired: true\n")
    )
    done = stack.run("up")
    assert done.error is None
    assert [(step.operation, step.name) for step in done.recorder.steps] == [("delete", "evolve-endpoint")]
    assert stack.target().models[MODEL].retired == "down"
    assert MODEL not in [each.name for each in by_hand.client.serving_endpoints.list()]

    by_hand.entry("")
    gone = stack.run("up")

    assert gone.error is None
    assert {(step.operation, step.kind) for step in gone.recorder.steps} == {
        ("forget", "RegisteredModel"),
        ("forget", "MlflowExperiment"),
    }
    assert len(list(by_hand.client.model_versions.list(FULL_NAME))) == 4
    assert by_hand.client.experiments.get_by_name(f"/Shared/{FULL_NAME}").experiment is not None


def answering(by_hand: ByHand) -> str:
    """The served entity that answers."""
    url = f"{by_hand.rehearsal.home.url}/serving-endpoints/{MODEL}/invocations"
    return ask(url, bearer(by_hand.rehearsal.home.token), "?").served_by


@contextmanager
def asking(by_hand: ByHand) -> Iterator[list[str]]:
    """Ask it all the while; who answered is in the list, and nobody where a request failed."""
    answers: list[str] = []
    over = threading.Event()

    def go_on() -> None:
        while not over.is_set():
            try:
                answers.append(answering(by_hand))
            except ModelOpsError:
                answers.append("")

    asker = threading.Thread(target=go_on)
    asker.start()
    try:
        yield answers
    finally:
        over.set()
        asker.join(timeout=30)
