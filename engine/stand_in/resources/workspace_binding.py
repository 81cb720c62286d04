"""databricks:index/workspaceBinding:WorkspaceBinding: one workspace that may use an isolated object."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import NotFoundError, ProviderError
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment

EXAMPLE = "1234567890123456|catalog|prod"
READ_WRITE = "BINDING_TYPE_READ_WRITE"

FACTS = MappingProxyType(
    {
        "securableName": Attribute(required=True, replaces=True),
        "securableType": Attribute(
            replaces=True,
            default="catalog",
            one_of=("catalog", "external_location", "storage_credential", "credential"),
        ),
        "workspaceId": Attribute(required=True, replaces=True),
        "bindingType": Attribute(replaces=True, default=READ_WRITE, one_of=(READ_WRITE, "BINDING_TYPE_READ_ONLY")),
    }
)


def _parse(resource_id: str) -> tuple[str, str, str]:
    workspace, kind, name = (*resource_id.split("|"), "", "")[:3]
    if not (workspace.isdigit() and kind and name):
        raise ProviderError(f"found the id {resource_id}, expected one like {EXAMPLE}")
    return workspace, kind, name


def _path(kind: str, name: str) -> str:
    return f"/api/2.1/unity-catalog/bindings/{segment(kind)}/{segment(name)}"


def _send(api: Api, resource_id: str, verb: str, binding_type: str) -> None:
    workspace, kind, name = _parse(resource_id)
    body = {verb: [{"workspace_id": int(workspace), "binding_type": binding_type}]}
    api.call("PATCH", _path(kind, name), body=body)


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    resource_id = f"{inputs['workspaceId']}|{inputs['securableType']}|{inputs['securableName']}"
    _send(api, resource_id, "add", inputs["bindingType"])
    return resource_id


def _read(api: Api, resource_id: str, _state: Values) -> Live:
    workspace, kind, name = _parse(resource_id)
    for each in api.call("GET", _path(kind, name)).get("bindings") or ():
        if str(each["workspace_id"]) == workspace:
            named = {"securable_name": name, "securable_type": kind, "workspace_id": workspace}
            return Live({**named, "binding_type": each["binding_type"]})
    raise NotFoundError(f"{name} has no binding to workspace {workspace}")


def _update(_api: Api, update: Update) -> None:
    raise ProviderError(f"a binding changes by being made anew, {update.id} in this case")


def _delete(api: Api, resource_id: str, state: Values) -> None:
    _send(api, resource_id, "remove", str(state.get("bindingType") or READ_WRITE))


WORKSPACE_BINDING = ResourceType(
    type="databricks:index/workspaceBinding:WorkspaceBinding",
    noun="workspace binding",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
)
