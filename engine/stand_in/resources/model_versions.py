"""The invoke databricks:index/getRegisteredModelVersions:getRegisteredModelVersions."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import NotFoundError, ProviderError
from engine.stand_in.projection import state_of
from engine.stand_in.resource_type import Api, segment

FUNCTION = "databricks:index/getRegisteredModelVersions:getRegisteredModelVersions"
TEXT = Attribute()
COUNT = Attribute(kind="int")
VERSION = MappingProxyType(
    {
        "aliases": Attribute(kind="list", fields={"aliasName": TEXT, "versionNum": COUNT}),
        "catalogName": TEXT,
        "comment": TEXT,
        "createdAt": COUNT,
        "createdBy": TEXT,
        "id": TEXT,
        "metastoreId": TEXT,
        "modelName": TEXT,
        "runId": TEXT,
        "runWorkspaceId": COUNT,
        "schemaName": TEXT,
        "source": TEXT,
        "status": TEXT,
        "storageLocation": TEXT,
        "updatedAt": COUNT,
        "updatedBy": TEXT,
        "version": COUNT,
    }
)


def model_versions(api: Api, arguments: Values) -> Values:
    """List a registered model's versions; raises ProviderError, worded as the released provider words it."""
    full_name = str(arguments.get("fullName") or "")
    if not full_name:
        raise ProviderError("getRegisteredModelVersions: fullName is required, found nothing")
    try:
        found = _pages(api, f"/api/2.1/unity-catalog/models/{segment(full_name)}/versions")
    except ProviderError as error:
        words = f"failed to list model versions for registered model {full_name}: {error}"
        raise (NotFoundError if isinstance(error, NotFoundError) else ProviderError)(words) from error
    return {"id": full_name, "fullName": full_name, "modelVersions": [state_of(VERSION, each, {}) for each in found]}


def _pages(api: Api, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {}
    while True:
        answer = api.call("GET", path, query=query)
        found += answer.get("model_versions") or ()
        if not answer.get("next_page_token"):
            return found
        query = {"page_token": answer["next_page_token"]}
