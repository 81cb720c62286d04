"""What an `up` says when the provider reports an error of the endpoint, on the real engine.

Version 3 is registered and READY but does not load; version 4 never ends loading.
"""

import os
import signal
from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.serving import Route, ServedEntityInput, TrafficConfig

from model_ops.pinning import pins
from model_ops.proving.answer import ask, bearer
from tests.e2e.engine.local_stack.deployed_stack import MODEL, Rehearsal

KEY = "key-9f2c71"
PROVIDER = "failed to reach NOT_UPDATING, got UPDATE_FAILED"
WAITING = "another update of endpoint chatbot is in progress"


@pytest.fixture
def serving(rehearsal: Rehearsal) -> Iterator[Rehearsal]:
    """Version 2 pinned, deployed and proven."""
    rehearsal.settle(2)
    text, report = rehearsal.file.read_text(), rehearsal.stack.report
    yield rehearsal
    rehearsal.file.write_text(text)
    rehearsal.stack.report = report


@pytest.fixture
def reported(serving: Rehearsal) -> list[str]:
    """The lines that whoever follows the run is shown."""
    lines: list[str] = []
    serving.stack.report = lines.append
    return lines


def answering(rehearsal: Rehearsal) -> int | None:
    url = f"{rehearsal.home.url}/serving-endpoints/{rehearsal.endpoint}/invocations"
    return ask(url, bearer(rehearsal.home.token), "What is a pin?").version


def begin_endless_update(rehearsal: Rehearsal) -> None:
    """Have somebody else begin to deploy version 4."""
    name = f"{MODEL}-v4"
    full_name = rehearsal.stack.target().models[MODEL].full_name
    entity = ServedEntityInput(
        name=name, entity_name=full_name, entity_version="4", workload_size="Small", scale_to_zero_enabled=False
    )
    routes = TrafficConfig(routes=[Route(traffic_percentage=100, served_model_name=name)])
    client = WorkspaceClient(host=rehearsal.home.url, token=rehearsal.home.token, auth_type="pat")
    client.serving_endpoints.update_config(rehearsal.endpoint, served_entities=[entity], traffic_config=routes)


def test_a_failed_rollout_is_told_once_with_its_reason_and_what_to_type(
    serving: Rehearsal, reported: list[str]
) -> None:
    pins.pin(serving.file, MODEL, 3)
    for _ in range(2):
        reported.clear()
        error = serving.stack.run("up").error or ""
        what = f"The rollout of version 3 of local.chatbot.{MODEL} failed"
        assert error.splitlines()[0] == f"{what} and changed nothing: endpoint chatbot serves version 2"
        assert f"\n  - {MODEL}-v3 is DEPLOYMENT_FAILED: " in error
        assert "\n    | FileNotFoundError: the index was never built" in error
        assert f"model-ops check --pin 3 --stack local --project {serving.home.root}" in error
        assert f"write 2 at rollpin:models.{MODEL}.servedVersion in {serving.file}, then: " in error
        shown = "\n".join(reported)
        assert (shown.count("The rollout of version 3"), shown.count(PROVIDER)) == (1, 1)
        assert answering(serving) == 2


def test_a_variable_s_value_is_in_no_line_though_the_model_wrote_it(serving: Rehearsal, reported: list[str]) -> None:
    pins.pin(serving.file, MODEL, 3)
    serving.edit("name: chatbot", f"name: chatbot\n        environment: {{INDEX_KEY: {KEY}}}")
    error = serving.stack.run("up").error or ""
    log = "\n".join(path.read_text() for path in (serving.home.root / "logs").rglob(f"{MODEL}-v3.log"))
    assert KEY in log
    assert "the index was never built for (not shown)" in error
    assert KEY not in error + "\n".join(reported)


def test_another_update_is_waited_for_and_then_the_pin_is_deployed(serving: Rehearsal, reported: list[str]) -> None:
    before = serving.model_servers()

    def listen(line: str) -> None:
        reported.append(line)
        if WAITING in line:
            for other in serving.model_servers() - before:
                os.kill(other, signal.SIGKILL)

    serving.stack.report = listen
    pins.pin(serving.file, MODEL, 1)
    begin_endless_update(serving)
    outcome = serving.stack.run("up")
    assert outcome.error is None
    assert "\n".join(reported).count(WAITING) == 1
    assert (serving.verdict().served, answering(serving)) == (True, 1)


def test_a_refusal_of_another_kind_is_left_to_the_provider(serving: Rehearsal, reported: list[str]) -> None:
    serving.edit("name: chatbot", "name: chatbot\n        gateway: {inferenceTable: {schema: nowhere}}")
    error = serving.stack.run("up").error or ""
    assert "local.nowhere" in error
    assert not [line for line in reported if WAITING in line or "The rollout of" in line or "type next" in line]
    assert answering(serving) == 2
