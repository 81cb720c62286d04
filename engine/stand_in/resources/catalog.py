"""databricks:index/catalog:Catalog."""

from __future__ import annotations

from contextlib import suppress
from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import NotFoundError, ProviderError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.resources.securable import (
    COUNT,
    FORCE_DESTROY,
    OPTIMIZATION,
    OUTPUT,
    settle,
    without_slash,
)

CATALOGS = "/api/2.1/unity-catalog/catalogs"
SETTLED_LATER = ("owner", "isolationMode", "enablePredictiveOptimization")
"""What the API takes in an update alone."""

FACTS = MappingProxyType(
    {
        "name": Attribute(same=str.casefold),
        "comment": Attribute(),
        "connectionName": Attribute(same=str.casefold, replaces=True),
        "enablePredictiveOptimization": OPTIMIZATION,
        "forceDestroy": FORCE_DESTROY,
        "isolationMode": Attribute(computed=True),
        "metastoreId": Attribute(computed=True),
        "options": Attribute(kind="map", replaces=True),
        "owner": Attribute(computed=True),
        "properties": Attribute(kind="map"),
        "providerName": Attribute(same=str.casefold, replaces=True),
        "shareName": Attribute(same=str.casefold, replaces=True),
        "storageRoot": Attribute(same=without_slash, replaces=True),
        "catalogType": OUTPUT,
        "createdAt": COUNT,
        "createdBy": OUTPUT,
        "fullName": OUTPUT,
        "securableType": OUTPUT,
        "storageLocation": OUTPUT,
        "updatedAt": COUNT,
        "updatedBy": OUTPUT,
    }
)


def _path(name: str) -> str:
    return f"{CATALOGS}/{segment(name)}"


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    later = {name: inputs[name] for name in SETTLED_LATER if name in inputs}
    sent = {name: value for name, value in inputs.items() if name not in (*later, "forceDestroy", "metastoreId")}
    name = str(api.call("POST", CATALOGS, body=body_of(FACTS, sent))["name"])
    try:
        _finish(api, name, later)
    except ProviderError:
        api.call("DELETE", _path(name), query={"force": True})
        raise
    return name


def _finish(api: Api, name: str, later: Values) -> None:
    # A new catalog comes with a schema named `default`; the provider removes it so that destroying can be clean.
    with suppress(NotFoundError):
        api.call("DELETE", f"/api/2.1/unity-catalog/schemas/{segment(f'{name}.default')}")
    if later:
        api.call("PATCH", _path(name), body=body_of(FACTS, later))


def _read(api: Api, name: str, _state: Values) -> Live:
    return Live(api.call("GET", _path(name)))


def _update(api: Api, update: Update) -> None:
    if "name" in update.changed:
        raise ProviderError(
            f"the Databricks provider renames no catalog: found the name {update.new['name']}, the catalog is "
            f"{update.id}; give the new one a resource of its own"
        )
    settle(api, _path(update.id), FACTS, update)


def _delete(api: Api, name: str, state: Values) -> None:
    api.call("DELETE", _path(name), query={"force": bool(state.get("forceDestroy"))})


CATALOG = ResourceType(
    type="databricks:index/catalog:Catalog",
    noun="catalog",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
)
