"""Is it served: the endpoint's state, and a real request whose answer fits; and what it says to a question."""

import json
from pathlib import Path

import pytest

from model_ops.pinning import pins
from tests.documents import shown
from tests.e2e.model_ops.workplace import MODEL, Workplace


def test_verify_sends_the_pinned_versions_own_example(place: Workplace) -> None:
    result = place.run("verify")
    assert result.exit_code == 0
    assert "version 2 serves on endpoint chatbot, as pinned; version 2 answered its own example in" in result.stdout
    shown.confirm("a proof", result.stdout.replace("version 2", "version 6"))


def test_verify_makes_no_request_where_it_is_told_so(place: Workplace) -> None:
    result = place.run("verify", "--no-request")
    assert (result.exit_code, "answered" in result.stdout) == (0, False)


def test_a_question_is_answered_by_the_pinned_version(place: Workplace) -> None:
    answer = place.json("ask", "How do I roll back?")
    assert (answer["version"], bool(answer["answer"]), answer["seconds"] > 0) == (2, True, True)
    assert "(version 2, " in place.run("ask", "How do I roll back?").stderr


def test_a_request_goes_as_json_or_as_a_file_or_by_fields_just_as_well(place: Workplace, tmp_path: Path) -> None:
    request = {"messages": [{"role": "user", "content": "How do I roll back?"}]}
    asked = place.json("ask", "How do I roll back?")["answer"]
    file = tmp_path / "request.json"
    file.write_text(json.dumps(request))
    ways = (["--input", str(file)], [json.dumps(request)], ["messages=How do I roll back?"])
    assert [place.json("ask", *way)["answer"] for way in ways] == [asked] * 3


def test_without_input_the_fields_are_shown_with_the_versions_own_example(place: Workplace) -> None:
    shown = place.json("ask")
    assert [row["path"] for row in shown["fields"]][:1] == ["messages"]
    assert place.json("ask", json.dumps(shown["example"]))["version"] == shown["version"] == 2
    typed = place.run("ask")
    assert "its own example:\n" in typed.stdout
    assert "To ask it that: model-ops ask '{" in typed.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mesages=hi"], "has no field mesages. It takes messages (array<object>)."),
        (['{"inputs": 1}'], "By its signature: "),
        (["--input", "{file}"], "The input is no JSON: "),
    ],
)
def test_a_request_that_does_not_fit_is_refused_with_what_does(
    place: Workplace, tmp_path: Path, words: list[str], said: str
) -> None:
    file = tmp_path / "request.json"
    file.write_text("nothing")
    result = place.run("ask", *(word.replace("{file}", str(file)) for word in words))
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert "See what it takes, with an example: model-ops ask --stack local" in result.stderr
    assert "access.query" not in result.stderr


def test_status_shows_where_the_file_and_the_deployed_stack_differ(serving: Workplace) -> None:
    same = serving.run("status", stack=None)
    assert (same.exit_code, "drift" in same.stdout) == (0, False)
    pins.pin(serving.file, MODEL, 1)
    differs = serving.run("status", stack=None)
    assert differs.exit_code == 0
    assert f"drift: local: {MODEL}: the file pins 1: make -C {serving.directory} up STACK=local" in differs.stdout


def test_status_goes_on_where_one_stack_cannot_be_asked_and_exits_1(serving: Workplace) -> None:
    other = serving.directory / "Pulumi.elsewhere.yaml"
    other.write_text(serving.file.read_text())
    try:
        result = serving.run("status", "--json", stack=None)
    finally:
        other.unlink()
    found = {each["stack"]: each for each in json.loads(result.stdout)["stacks"]}
    assert result.exit_code == 1
    assert found["elsewhere"]["problem"]
    assert found["local"]["models"][0]["serving"] == "version 2"


def test_aliases_follow_a_verified_rollout_and_are_never_moved_before_it(serving: Workplace) -> None:
    refused = serving.run("alias", "set", "champion", "1")
    assert (refused.exit_code, "stack local pins 2, and version 2 serves" in refused.stderr) == (1, True)
    spelt = serving.run("alias", "set", "Champion", "1", "--yes")
    assert (spelt.exit_code, "champion names the version that serves" in spelt.stderr) == (1, True)
    planned = serving.run("alias", "set", "challenger", "1")
    assert (planned.stdout, serving.json("alias", "list")) == ("challenger: nothing → version 1\n", {})
    assert serving.run("alias", "set", "Challenger", "1", "--yes").exit_code == 0
    assert serving.run("verify", "--move-aliases").exit_code == 0
    assert serving.json("alias", "list") == {"challenger": 1, "champion": 2}
    assert serving.run("alias", "delete", "CHALLENGER", "--yes").exit_code == 0
    assert serving.json("alias", "list") == {"champion": 2}
    assert serving.run("alias", "delete", "challenger").exit_code == 1


@pytest.mark.parametrize("name", ["latest", "7", "v7", "a b"])
def test_an_alias_that_reads_like_a_version_is_refused(place: Workplace, name: str) -> None:
    result = place.run("alias", "set", name, "1")
    assert (result.exit_code, "is no name for an alias" in result.stderr) == (1, True)
    assert name not in place.json("alias", "list")


@pytest.mark.parametrize("command", ["versions", "verify", "ask hello", "check", "pin 1 --yes", "lineage 1"])
def test_a_workspace_that_does_not_answer_is_told_at_once(place: Workplace, tmp_path: Path, command: str) -> None:
    file = tmp_path / "gone.json"
    file.write_text(json.dumps(place.outputs | {"workspace_url": "http://127.0.0.1:9"}))
    before = place.file.read_bytes()
    result = place.run(*command.split(), "--target", str(file), stack=None)
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert "http://127.0.0.1:9 does not answer" in result.stderr
    assert f"make -C {place.directory} sandbox" in result.stderr
    assert place.file.read_bytes() == before


def test_the_outputs_of_a_stack_in_a_file_name_it_as_well(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "anything.json"
    file.write_text(json.dumps(place.outputs))
    monkeypatch.setenv("DATABRICKS_HOST", place.home.url)
    monkeypatch.setenv("DATABRICKS_TOKEN", place.home.token)
    result = place.run("verify", "--target", str(file), stack=None)
    assert (result.exit_code, "as pinned" in result.stdout) == (0, True)
    monkeypatch.setenv("DATABRICKS_TOKEN", "expired")
    expired = place.run("verify", "--target", str(file), stack=None)
    assert (expired.exit_code, "Traceback" in expired.output) == (1, False)
    assert "refuses" in expired.stderr or "does not take the credentials" in expired.stderr
    assert "Set DATABRICKS_TOKEN to one that is good" in expired.stderr
    assert " sandbox" not in expired.stderr
