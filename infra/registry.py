"""Asks Unity Catalog which versions a model has, through the provider that the stack itself uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi
import pulumi_databricks as databricks

from infra.guard import ModelVersion, NoSuchModelError, RegistryError
from infra.workspace_api import UnansweredError

ABSENT = re.compile(r"does not exist|NOT_FOUND|DOES_NOT_EXIST|model .* not found", re.IGNORECASE)
SHORTEST_PAGE = 50
"""The provider lists one page of versions in no order, as long as the server likes; a shorter list is all of them."""

Get = Callable[[str], Mapping[str, Any] | None]
"""Gets a path of the workspace's API, None where there is nothing; raises UnansweredError."""


class Registry:
    """The registry of the workspace that `provider` reaches, or that the environment names."""

    def __init__(self, provider: pulumi.ProviderResource | None, get: Get) -> None:
        self._options = pulumi.InvokeOptions(provider=provider)
        self._get = get

    def versions(self, full_name: str, wanted: Sequence[int]) -> Sequence[ModelVersion]:
        """List a model's versions, the `wanted` ones among them if they exist; raises NoSuchModelError, RegistryError.

        The name is a plain text: with an output in its place the engine would skip the question in a preview.
        """
        try:
            answer = databricks.get_registered_model_versions(full_name=full_name, opts=self._options)
        except Exception as error:  # noqa: BLE001 - the SDK raises a bare Exception for whatever the provider says
            words = _words(error)
            raise (NoSuchModelError if ABSENT.search(words) else RegistryError)(words) from None
        listed = [_listed(each) for each in answer.model_versions or ()]
        missing = sorted(set(wanted) - {each.version for each in listed})
        if len(listed) < SHORTEST_PAGE:
            return listed
        return [*listed, *filter(None, (self._one(full_name, version) for version in missing))]

    def _one(self, full_name: str, version: int) -> ModelVersion | None:
        """Ask for one version by its number."""
        try:
            found = self._get(f"/api/2.1/unity-catalog/models/{full_name}/versions/{version}")
        except UnansweredError as error:
            raise RegistryError(str(error)) from None
        return _version(version, found.get("status"), found.get("run_id")) if found else None


def _listed(found: Any) -> ModelVersion:
    return _version(int(found.version), found.status, found.run_id)


def _version(version: int, status: str | None, run_id: str | None) -> ModelVersion:
    return ModelVersion(version=version, status=status or "in no state", run_id=run_id or None)


def _words(error: Exception) -> str:
    """What the provider said, without the engine's preface and in one line."""
    text = str(error).partition(" failed: ")[2] or str(error)
    return " ".join(text.split()) or type(error).__name__
