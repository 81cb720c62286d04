"""What it takes to use each kind of resource: a privilege in Unity Catalog, or a permission of the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from model_ops.checks.privileges import Need, above
from model_ops.versions.resources import Resource


@dataclass(frozen=True, kw_only=True)
class Securable:
    """A kind that is an object of Unity Catalog."""

    path: str
    """Where the workspace tells of one, before its name."""
    privilege: str
    securable: str
    collection: str
    in_schema: bool = True

    def needs(self, name: str) -> tuple[Need, ...]:
        """What is needed to use the one of that name, with what leads to it."""
        own = Need(
            privilege=self.privilege,
            securable=self.securable,
            collection=self.collection,
            word=self.securable.upper(),
            name=name,
        )
        return (own, *above(name)) if self.in_schema else (own,)

    def named_well(self, name: str) -> bool:
        """Say whether a name has as many parts as this kind."""
        return not self.in_schema or len([part for part in name.split(".") if part]) == 3


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """A kind that has permissions of the workspace; the first of `levels` is the least that will do."""

    path: str
    object_type: str
    levels: tuple[str, ...]
    id_field: str | None = None
    """The field with the id that its permissions go by, where that is not its name."""

    def object_id(self, resource: Resource, found: Mapping[str, Any]) -> str | None:
        """The id that its permissions go by; None where the workspace gives none."""
        held = found.get(self.id_field) if self.id_field else resource.name
        return quote(str(held), safe="") if held else None


_CATALOG = "/api/2.1/unity-catalog"
KINDS: Mapping[str, Securable | Guarded] = {
    "vector_search_index": Securable(
        path="/api/2.0/vector-search/indexes", privilege="SELECT", securable="table", collection="tables"
    ),
    "table": Securable(path=f"{_CATALOG}/tables", privilege="SELECT", securable="table", collection="tables"),
    "function": Securable(
        path=f"{_CATALOG}/functions", privilege="EXECUTE", securable="function", collection="functions"
    ),
    "uc_connection": Securable(
        path=f"{_CATALOG}/connections",
        privilege="USE_CONNECTION",
        securable="connection",
        collection="connections",
        in_schema=False,
    ),
    "serving_endpoint": Guarded(
        path="/api/2.0/serving-endpoints",
        object_type="serving-endpoints",
        levels=("CAN_QUERY", "CAN_MANAGE"),
        id_field="id",
    ),
    "sql_warehouse": Guarded(
        path="/api/2.0/sql/warehouses",
        object_type="warehouses",
        levels=("CAN_USE", "CAN_MONITOR", "CAN_MANAGE", "IS_OWNER"),
    ),
    "genie_space": Guarded(
        path="/api/2.0/genie/spaces", object_type="genie", levels=("CAN_RUN", "CAN_EDIT", "CAN_MANAGE")
    ),
    "app": Guarded(path="/api/2.0/apps", object_type="apps", levels=("CAN_USE", "CAN_MANAGE")),
    "lakebase": Guarded(
        path="/api/2.0/database/instances", object_type="database-instances", levels=("CAN_USE", "CAN_MANAGE")
    ),
}
"""What is known of each kind; of others nothing can be asked."""
