"""The event by which a registry tells of a new version: MLflow's, or that of Databricks' workspace registry.

MLflow: https://mlflow.org/docs/latest/ml/webhooks. Databricks: "Workspace Model Registry webhooks" in its own docs;
models in Unity Catalog have none there, and `propose` runs on a schedule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model_ops.errors import EventError

LARGEST = 1_000_000
"""Bytes of a payload that are read at most."""
CREATED = "MODEL_VERSION_CREATED"
NAME = re.compile(r"[^\x00-\x1f/:]{1,767}")
"""What a registered model may be called, catalog and schema included."""
MLFLOWS = '{"entity": "model_version", "action": "created", "data": …}'
DATABRICKS = f'{{"event": "{CREATED}", …}}'


@dataclass(frozen=True)
class Event:
    """A version that was registered."""

    model: str
    """Its registered model, as the registry names it: in three parts, or the last of them alone."""
    version: int

    def is_of(self, full_name: str) -> bool:
        """Whether it tells of the registered model of that name in three parts."""
        return self.model.casefold() in (full_name.casefold(), full_name.rpartition(".")[2].casefold())


def parse(body: bytes) -> Event:
    """Read a payload; raises EventError, with what was found, where it tells of no new version."""
    if len(body) > LARGEST:
        raise _refused(f"{len(body):,} bytes")
    try:
        found = json.loads(body)
    except ValueError as error:
        raise _refused(f"no JSON: {error}" if body.strip() else "nothing") from None
    if not isinstance(found, dict):
        raise _refused(f"a JSON {type(found).__name__}")
    if "entity" in found or "action" in found:
        return _of_mlflow(found)
    if "event" in found:
        return _of_databricks(found)
    raise _refused(f"an object with {', '.join(sorted(map(str, found))[:8]) or 'nothing in it'}")


def _of_mlflow(found: Mapping[str, Any]) -> Event:
    said = (found.get("entity"), found.get("action"))
    if said != ("model_version", "created"):
        raise _refused(f"the event {said[0]}.{said[1]}")
    data = found.get("data")
    if not isinstance(data, dict):
        raise _refused("the event model_version.created without `data`")
    return _event(data.get("name"), data.get("version"))


def _of_databricks(found: Mapping[str, Any]) -> Event:
    if found["event"] != CREATED:
        raise _refused(f"the event {found['event']}")
    return _event(found.get("model_name"), found.get("version"))


def _event(name: Any, version: Any) -> Event:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise _refused(f"a model named {name!r}")
    if isinstance(version, bool) or not re.fullmatch(r"[1-9][0-9]{0,17}", str(version)):
        raise _refused(f"version {version!r} of {name}")
    return Event(name, int(version))


def _refused(found: str) -> EventError:
    return EventError(
        f"The event tells of no new version: it holds {found}.\n"
        f"Expected: MLflow's {MLFLOWS}, or Databricks' {DATABRICKS}. Hand over the request's body as it came"
    )
