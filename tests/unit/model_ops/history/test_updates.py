"""The engine's record, as it prints it: `records/` is what one wrote of a sandbox's stack, its environment trimmed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from model_ops.errors import StackError
from model_ops.history.updates import PAGE, Pins, parse, updates
from model_ops.served import Canary
from model_ops.stack import Address

MODEL = "dbdemos_advanced_chatbot_model"
RECORDS = Path(__file__).parent / "records"


def record(name: str) -> list[dict[str, Any]]:
    return json.loads((RECORDS / f"{name}.json").read_text())


def engine(directory: Path, pages: dict[int, str], *, code: int = 0, said: str = "") -> Address:
    """A `pulumi` that gives a page a file, and any other page as none: the seam is the process."""
    for number, text in pages.items():
        (directory / f"page-{number}").write_text(text)
    script = directory / "pulumi"
    script.write_text(
        f'#!/bin/sh\nwhile [ "$1" != --page ]; do shift; done\n'
        f"cat '{directory}'/page-$2 2>/dev/null || echo '[]'\necho \"{said}\" >&2\nexit {code}\n"
    )
    script.chmod(0o755)
    return Address("local", str(script), directory)


def test_a_record_is_read_oldest_first(tmp_path: Path) -> None:
    found = updates(engine(tmp_path, {1: (RECORDS / "local.json").read_text()}))
    assert [(update.kind, update.result) for update in found[4:]] == [
        ("update", "succeeded"),
        ("update", "succeeded"),
        ("update", "succeeded"),
        ("refresh", "succeeded"),
        ("update", "succeeded"),
        ("destroy", "succeeded"),
    ]
    assert found[0].started == datetime(2026, 11, 25, 17, 38, 51, tzinfo=UTC)
    assert (found[0].ended, found[0].stack) == (datetime(2026, 11, 25, 17, 38, 57, tzinfo=UTC), "local")
    assert (found[3].result, found[3].changes, found[3].number) == ("failed", {"same": 14}, None)


def test_the_pins_of_each_update_are_those_of_its_config() -> None:
    found = [update.pins[MODEL] for update in reversed(parse("local", record("local"))) if update.pins]
    assert [pins.version for pins in found] == [None, 2, 1, 3, 2, 2, 2, 2, 2, 2]
    assert [pins.canary for pins in found[4:7]] == [None, Canary(version=1, percent=20), None]
    assert [pins.warm for pins in found[5:]] == [(), (1, 2), (1, 2), (1, 2), (1, 2)]
    assert {(pins.full_name, pins.endpoint) for pins in found} == {(f"local.chatbot.{MODEL}", "chatbot")}


def test_a_config_that_holds_a_secret_is_unknown_and_says_so() -> None:
    hidden, dirty, clean = parse("local", record("hidden"))
    assert (hidden.pins, hidden.remark) == (None, "the record hides what it pinned: rollpin:models holds a secret")
    assert clean.remark is None
    assert (dirty.dirty, clean.dirty) == (True, False)
    assert clean.commit == "4feb5d2c699a72cf72e224365395a70edcbd7b55"
    assert (clean.message, clean.environment["git.author"]) == ("Start", "Author")


def test_an_update_that_retires_a_model_pins_nothing_of_it() -> None:
    models = json.dumps(
        {"m": {"catalog": "c", "schema": "s", "servedVersion": 2, "warmVersions": [1], "retired": True}}
    )
    entry = record("local")[0] | {"config": {"rollpin:models": {"value": models, "secret": False}}}

    (update,) = parse("local", [entry])

    assert update.pins is not None
    assert (update.pins["m"].version, update.pins["m"].warm, update.pins["m"].endpoint) == (None, (), "m")


def with_defaults(below: dict[str, Any], *, secret: bool = False) -> dict[str, Any]:
    """A record of a stack with one model, as the engine writes it: the defaults stand beside it."""
    said = {"rollpin:models": {"m": {"model": "chatbot", "servedVersion": 7}}, "rollpin:defaults": below}
    config = {key: {"value": json.dumps(value), "secret": False} for key, value in said.items()}
    config["rollpin:defaults"]["secret"] = secret
    return {**record("local")[0], "config": config}


def test_what_the_models_have_in_common_is_laid_under_each_of_them() -> None:
    (update,) = parse("prod", [with_defaults({"catalog": "prod", "schema": "serving", "endpoint": {"size": "Small"}})])
    assert (update.pins, update.remark) == (
        {"m": Pins(model="m", catalog="prod", schema="serving", endpoint="m", version=7, registered="chatbot")},
        None,
    )
    assert update.pins["m"].full_name == "prod.serving.chatbot"


def test_defaults_that_the_record_hides_leave_unknown_what_was_pinned() -> None:
    (update,) = parse("prod", [with_defaults({"catalog": "prod", "schema": "serving"}, secret=True)])
    assert (update.pins, update.remark) == (None, "the record hides what it pinned: rollpin:defaults holds a secret")


@pytest.mark.parametrize("value", ["ERROR_UNABLE_TO_DECRYPT", "[]", '{"m": {"servedVersion": "latest"}}', '{"m": 1}'])
def test_a_config_that_cannot_be_read_is_unknown_and_says_so(value: str) -> None:
    entry = record("local")[0] | {"config": {"rollpin:models": {"value": value, "secret": False}}}
    (update,) = parse("prod", [entry])
    assert update.pins is None
    assert "does not say what it pinned" in str(update.remark)


def test_an_update_without_models_pinned_nothing_and_one_that_goes_on_has_no_end() -> None:
    entry = {**record("local")[0], "version": 12, "config": {}}
    del entry["endTime"], entry["result"], entry["resourceChanges"]
    (update,) = parse("prod", [entry])
    assert (update.pins, update.remark, update.number) == ({}, None, 12)
    assert (update.ended, update.result) == (None, "in-progress")


@pytest.mark.parametrize("flag", ["target", "exclude"])
def test_an_update_of_chosen_resources_is_partial(flag: str) -> None:
    entry = record("local")[0]
    chosen = {**entry, "environment": entry["environment"] | {f"pulumi.flag.{flag}": "set"}}
    assert [update.partial for update in parse("prod", [entry, chosen])] == [False, True]


def test_all_pages_are_read_and_what_moves_between_them_counts_once(tmp_path: Path) -> None:
    one = record("local")[0]
    entries = [{**one, "version": number} for number in range(PAGE + 10, 0, -1)]
    pages = {1: json.dumps(entries[:PAGE]), 2: json.dumps(entries[PAGE - 1 :])}
    assert [update.number for update in updates(engine(tmp_path, pages))] == [*range(1, PAGE + 11)]


def test_full_pages_end_at_the_first_that_is_empty(tmp_path: Path) -> None:
    entries = [{**record("local")[0], "version": number} for number in range(PAGE * 2, 0, -1)]
    pages = {1: json.dumps(entries[:PAGE]), 2: json.dumps(entries[PAGE:])}
    assert len(updates(engine(tmp_path, pages))) == PAGE * 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("[]", "has no history: it was never deployed.\nDeploy it: make -C"),
        ("not json", "cannot be read"),
        ("{}", "cannot be read (dict instead of a list)"),
        ("[{}]", "cannot be read (KeyError: 'version')"),
        ("[1]", "cannot be read (AttributeError"),
        (
            '[{"version": 1, "kind": "update", "startTime": "yesterday"}]',
            " stack history --json --stack local; an old CLI",
        ),
    ],
)
def test_a_record_that_tells_nothing_is_refused(tmp_path: Path, answer: str, reason: str) -> None:
    with pytest.raises(StackError) as refusal:
        updates(engine(tmp_path, {1: answer}))
    assert reason in str(refusal.value)


def test_a_stack_that_the_engine_does_not_know_is_refused_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"no stack named 'local' found\nDeploy it: make -C .* up STACK=local"):
        updates(engine(tmp_path, {}, code=6, said="error: no stack named 'local' found"))


def test_without_the_engine_the_stack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"cannot be asked: .*No such file"):
        updates(Address("prod", str(tmp_path / "pulumi"), tmp_path))
