"""What storage credentials and external locations have in common: each is known by its name in the metastore."""

from __future__ import annotations

from engine.stand_in.attributes import Schema, Values
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.resources.securable import settle

SETTLED_LATER = ("owner", "isolationMode")
"""What the API takes in an update alone."""
NEVER_SENT = ("forceDestroy", "metastoreId")


def storage_securable(type: str, noun: str, schema: Schema, listed: str) -> ResourceType:
    """Give the resource type of what is at the path `listed`, by its name."""

    def path(name: str) -> str:
        return f"{listed}/{segment(name)}"

    def create(api: Api, inputs: Values, _deadline: Deadline) -> str:
        later = {name: inputs[name] for name in SETTLED_LATER if name in inputs}
        first = {name: value for name, value in inputs.items() if name not in (*later, *NEVER_SENT)}
        name = str(api.call("POST", listed, body=body_of(schema, first))["name"])
        if later:
            api.call("PATCH", path(name), body=body_of(schema, later))
        return name

    def read(api: Api, name: str, _state: Values) -> Live:
        return Live(api.call("GET", path(name)))

    def update(api: Api, update: Update) -> None:
        settle(api, path(update.id), schema, update)

    def delete(api: Api, name: str, state: Values) -> None:
        api.call("DELETE", path(name), query={"force": bool(state.get("forceDestroy"))})

    return ResourceType(type=type, noun=noun, schema=schema, create=create, read=read, update=update, delete=delete)
