"""databricks:index/volume:Volume."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import ProviderError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.resources.securable import OUTPUT, settle, without_slash

VOLUMES = "/api/2.1/unity-catalog/volumes"

FACTS = MappingProxyType(
    {
        "name": Attribute(same=str.casefold),
        "catalogName": Attribute(same=str.casefold, replaces=True, required=True),
        "schemaName": Attribute(same=str.casefold, replaces=True, required=True),
        "volumeType": Attribute(required=True, replaces=True, one_of=("MANAGED", "EXTERNAL")),
        "comment": Attribute(),
        "owner": Attribute(computed=True),
        # Of a managed volume the workspace chooses it, and the provider looks only at what a program sets.
        "storageLocation": Attribute(computed=True, same=without_slash, replaces=True),
        "volumePath": OUTPUT,
    }
)


def _path(full_name: str) -> str:
    return f"{VOLUMES}/{segment(full_name)}"


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    first = {name: value for name, value in inputs.items() if name != "owner"}
    full_name = str(api.call("POST", VOLUMES, body=body_of(FACTS, first))["full_name"])
    if "owner" in inputs:
        api.call("PATCH", _path(full_name), body={"owner": inputs["owner"]})
    return full_name


def _read(api: Api, full_name: str, _state: Values) -> Live:
    path = f"/Volumes/{full_name.replace('.', '/')}"
    return Live(dict(api.call("GET", _path(full_name))) | {"volume_path": path})


def _update(api: Api, update: Update) -> None:
    if "name" in update.changed:
        raise ProviderError(f"the stand-in renames no volume: give {update.new['name']} a resource of its own")
    settle(api, _path(update.id), FACTS, update)


def _delete(api: Api, full_name: str, _state: Values) -> None:
    api.call("DELETE", _path(full_name))


VOLUME = ResourceType(
    type="databricks:index/volume:Volume",
    noun="volume",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
)
