"""Events of registries: those of a new version are read, all others refused with what was found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mlflow.webhooks.types import ModelVersionCreatedPayload

from model_ops.errors import EventError
from model_ops.proposing.event import Event, parse

MLFLOW = {"entity": "model_version", "action": "created", "timestamp": "2026-03-01T12:00:00+00:00"}
DATABRICKS = {"event": "MODEL_VERSION_CREATED", "webhook_id": "c5596721", "event_timestamp": 1589859029343}


def body(found: Any) -> bytes:
    return json.dumps(found).encode()


def test_an_event_of_mlflow_is_read_from_its_own_example() -> None:
    example = ModelVersionCreatedPayload.example()

    assert parse(body({**MLFLOW, "data": example})) == Event(example["name"], int(example["version"]))


def test_an_event_of_databricks_is_read() -> None:
    assert parse(body({**DATABRICKS, "model_name": "bot", "version": "8", "text": "…"})) == Event("bot", 8)


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (b"", "nothing"),
        (b"{", "no JSON"),
        (b"[]", "a JSON list"),
        (body({}), "an object with nothing in it"),
        (body({"ref": "main", "commits": []}), "an object with commits, ref"),
        (body({**MLFLOW, "action": "deleted"}), "the event model_version.deleted"),
        (body({**MLFLOW, "entity": "prompt_version"}), "the event prompt_version.created"),
        (body(MLFLOW), "without `data`"),
        (body({**MLFLOW, "data": {"name": "bot", "version": "latest"}}), "version 'latest' of bot"),
        (body({**MLFLOW, "data": {"name": "bot", "version": True}}), "version True of bot"),
        (body({**MLFLOW, "data": {"name": "", "version": "8"}}), "a model named ''"),
        (body({**MLFLOW, "data": {"name": "a\x1b[2J", "version": "8"}}), r"a model named 'a\x1b[2J'"),
        (body({**DATABRICKS, "event": "TRANSITION_REQUEST_CREATED"}), "the event TRANSITION_REQUEST_CREATED"),
        (b" " * 1_000_001, "1,000,001 bytes"),
    ],
)
def test_another_payload_is_refused_with_what_was_found(payload: bytes, found: str) -> None:
    with pytest.raises(EventError) as caught:
        parse(payload)

    assert found in str(caught.value)
    assert "Expected: MLflow's" in str(caught.value)


def test_a_model_is_meant_by_its_full_name_or_the_last_part_of_it() -> None:
    assert [Event(name, 8).is_of("prod.rag.bot") for name in ("prod.rag.bot", "Prod.rag.Bot", "bot")] == [True] * 3
    assert [Event(name, 8).is_of("prod.rag.bot") for name in ("rag.bot", "test.rag.bot", "b")] == [False] * 3
