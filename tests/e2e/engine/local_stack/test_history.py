"""What served when, from the record of the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine import project_copy
from model_ops.history import updates as record
from model_ops.history.intervals import at, intervals, previous
from model_ops.stack import Address
from tests.e2e.engine.local_stack.deployed_stack import MODEL, Rehearsal


@pytest.fixture
def address(rehearsal: Rehearsal) -> Iterator[Address]:
    """How to ask the engine of the stack, whose file is left as it was found."""
    text = rehearsal.file.read_text()
    stack = rehearsal.stack
    yield Address(project_copy.STACK, str(stack.engine.command.command), stack.directory, stack.environment)
    rehearsal.file.write_text(text)


def test_the_record_tells_exactly_what_was_proven_to_serve(rehearsal: Rehearsal, address: Address) -> None:
    done = len(record.updates(address))
    began = datetime.now(UTC).replace(microsecond=0)  # the engine's times have seconds
    assert [rehearsal.serve(version).error is None for version in (2, 1, 3, 2)] == [True, True, False, True]
    assert [rehearsal.stack.run(operation).error for operation in ("preview", "refresh", "up")] == [None, None, None]
    found = intervals(record.updates(address)[done:], MODEL)
    told = [
        (s.version, s.confirmations, [tried.pins and tried.pins[MODEL].version for tried in s.unproven]) for s in found
    ]
    assert told == [(2, 0, []), (1, 0, [3]), (2, 1, [])]
    assert [served.until for served in found] == [found[1].since, found[2].since, None]
    assert began <= found[0].since < found[1].since < found[2].since < found[2].confirmed <= datetime.now(UTC)
    assert [getattr(at(found, served.since), "version", None) for served in found] == [2, 1, 2]
    assert getattr(previous(found, 2), "version", None) == 1
    assert rehearsal.verdict().serving == "version 2"
    assert found[-1].pins.full_name == rehearsal.stack.target().models[MODEL].full_name
    assert found[-1].pins.endpoint == rehearsal.endpoint


def test_the_engine_gives_its_record_in_pages(
    rehearsal: Rehearsal, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = record.updates(address)
    assert whole
    monkeypatch.setattr(record, "PAGE", 1)
    assert record.updates(address) == whole


def test_what_models_have_in_common_is_known_of_each(rehearsal: Rehearsal, address: Address) -> None:
    rehearsal.edit("      catalog: local\n      schema: chatbot\n", "")
    rehearsal.edit("  rollpin:models:\n", "  rollpin:defaults: {catalog: local, schema: chatbot}\n  rollpin:models:\n")
    assert rehearsal.stack.run("up").error is None

    last = record.updates(address)[-1]

    assert (last.result, last.remark) == ("succeeded", None)
    assert last.pins is not None
    assert last.pins[MODEL].full_name == rehearsal.stack.target().models[MODEL].full_name
