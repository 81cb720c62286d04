"""What the principals that serve need of what their models declare to use, worked out for a whole stack.

Two models may use the same thing, and the same principal may serve both: on each thing it is named once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from infra.access.access_lists import Privileges
from infra.settings.schema import Model
from model_ops.versions.resources import Resource

Principals = frozenset[str]
Schema = tuple[str, str]
"""A catalog's name, and that of a schema in it."""
SECURABLES = {"vector_search_index": "table", "table": "table", "function": "function"}
"""Kinds that are in a schema, and what the provider calls them in a grant."""
PRIVILEGES = {"table": "SELECT", "function": "EXECUTE", "foreign_connection": "USE_CONNECTION"}
"""What it takes to use one, by the provider's word for it."""


@dataclass(frozen=True, kw_only=True)
class ResourcePlan:
    """Who needs to use which things."""

    securables: Mapping[tuple[str, str], Principals] = field(default_factory=dict)
    """Objects of Unity Catalog, by the provider's word and their full name."""
    endpoints: Mapping[str, Principals] = field(default_factory=dict)
    """Serving endpoints, with those who ask them."""
    schemas: Mapping[Schema, Principals] = field(default_factory=dict)
    """Schemas, with those who must reach what is in them."""
    beyond: tuple[tuple[str, Resource], ...] = ()
    """Models with what they use and no grant of the provider's is for."""

    def readers(self, table: str) -> Principals:
        """Those who read an index or a table."""
        return self.securables.get(("table", table), frozenset())


def plan(models: Mapping[str, Model], declared: Mapping[str, Iterable[Resource]]) -> ResourcePlan:
    """Gather what the deployed versions declare, for those who execute their models."""
    gathered = _Gathered()
    for name, resources in declared.items():
        for resource in resources:
            if not resource.on_behalf_of_user and not gathered.takes(resource, models[name].access.execute):
                gathered.beyond[name, resource] = None
    return gathered.plan


def privileges(kind: str, who: Iterable[str]) -> Privileges:
    """The privilege that it takes to use a thing, for each of them."""
    return dict.fromkeys(sorted(set(who)), (PRIVILEGES[kind],))


class _Gathered:
    def __init__(self) -> None:
        self.securables: dict[tuple[str, str], Principals] = {}
        self.endpoints: dict[str, Principals] = {}
        self.schemas: dict[Schema, Principals] = {}
        self.beyond: dict[tuple[str, Resource], None] = {}

    def takes(self, resource: Resource, who: Iterable[str]) -> bool:
        """Remember who uses it; False where no grant of the provider's is for that."""
        principals, name = frozenset(who), resource.name
        if resource.kind == "serving_endpoint":
            self.endpoints[name] = self.endpoints.get(name, frozenset()) | principals
            return True
        if resource.kind == "uc_connection":
            self._use("foreign_connection", name, principals)
            return True
        parts, kind = name.split("."), SECURABLES.get(resource.kind)
        if kind is None or len(parts) != 3:
            return False
        self._use(kind, name.lower(), principals)
        schema = (parts[0].lower(), parts[1].lower())
        self.schemas[schema] = self.schemas.get(schema, frozenset()) | principals
        return True

    def _use(self, kind: str, name: str, principals: Principals) -> None:
        self.securables[kind, name] = self.securables.get((kind, name), frozenset()) | principals

    @property
    def plan(self) -> ResourcePlan:
        return ResourcePlan(
            securables=self.securables, endpoints=self.endpoints, schemas=self.schemas, beyond=tuple(self.beyond)
        )
