"""Asks Unity Catalog which versions a model has, over the workspace's API: that needs no provider, so no resource."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from infra.proof.pin_guard import ModelVersion, NoSuchModelError, NoSuchSchemaError, RegistryError
from infra.proof.workspace_api import AbsentError, UnansweredError

MODEL_ABSENT = re.compile(r"(?:Routine or Model|Registered ?Model) '([^']*)' does not exist", re.IGNORECASE)
"""What Unity Catalog says of a model that is not there, in a schema that is; the model's full name is in quotes."""
SCHEMA_ABSENT = re.compile(r"(?:Catalog|Schema) '[^']*' does not exist", re.IGNORECASE)

Ask = Callable[[str], Mapping[str, Any]]
"""Gets a path of the workspace's API; raises AbsentError, UnansweredError: `WorkspaceApi.ask`."""


class Registry:
    """The registry of the workspace that `ask` reaches."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def versions(self, full_name: str, wanted: Sequence[int]) -> Sequence[ModelVersion]:
        """List a model's versions, the `wanted` ones among them if they exist.

        Raises NoSuchModelError, NoSuchSchemaError, RegistryError. The server decides how many it lists, so each
        wanted one that is not on its page is asked for by its number.
        """
        path = f"/api/2.1/unity-catalog/models/{quote(full_name)}/versions"
        try:
            listed = [_version(found) for found in self._ask(path).get("model_versions") or ()]
            missing = sorted(set(wanted) - {each.version for each in listed})
            return [*listed, *filter(None, (self._one(f"{path}/{version}") for version in missing))]
        except AbsentError as error:
            raise _absent(full_name, str(error)) from None
        except UnansweredError as error:
            raise RegistryError(str(error)) from None

    def _one(self, path: str) -> ModelVersion | None:
        try:
            return _version(self._ask(path))
        except AbsentError:
            return None


def _absent(full_name: str, words: str) -> Exception:
    """Tell the model's own absence from that of its schema, its catalog, or anything else."""
    model = MODEL_ABSENT.search(words)
    if model and model[1].lower() == full_name.lower():
        return NoSuchModelError(words)
    return NoSuchSchemaError(words) if SCHEMA_ABSENT.search(words) else RegistryError(words)


def _version(found: Mapping[str, Any]) -> ModelVersion:
    return ModelVersion(
        version=int(found["version"]), status=found.get("status") or "in no state", run_id=found.get("run_id") or None
    )
