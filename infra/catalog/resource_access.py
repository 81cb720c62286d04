"""Grants on what models declare to use and this stack does not make: one a principal, those of others left alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from infra.access import grants
from infra.access.access_lists import Privileges
from infra.access.resource_plan import ResourcePlan, privileges
from infra.catalog.catalog_plan import Readers


@dataclass(frozen=True, kw_only=True)
class ResourceAccessArgs:
    """Who uses what, and what of it this stack sees to elsewhere."""

    resources: ResourcePlan
    reached: Readers
    """Who must reach what is in which schema."""
    tables: Collection[str]
    """Indexes of the stack's own."""
    catalogs: Collection[str]
    schemas: Collection[tuple[str, str]]
    after: Sequence[pulumi.Resource] = ()


class ResourceAccess(pulumi.ComponentResource):
    """What those who serve may use of what is not the stack's own."""

    def __init__(self, name: str, args: ResourceAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:ResourceAccess", name, None, opts)
        self._after = args.after
        for (kind, thing), who in sorted(args.resources.securables.items()):
            if kind != "table" or thing not in args.tables:
                self._grant(kind, thing, privileges(kind, who))
        self._reach(args)
        self.register_outputs({})

    def _reach(self, args: ResourceAccessArgs) -> None:
        by_catalog: dict[str, set[str]] = {}
        for (catalog, schema), who in sorted(args.reached.items()):
            by_catalog.setdefault(catalog, set()).update(who)
            if (catalog, schema) not in args.schemas:
                self._grant("schema", f"{catalog}.{schema}", dict.fromkeys(sorted(who), ("USE_SCHEMA",)))
        for catalog, everybody in by_catalog.items():
            if catalog not in args.catalogs:
                self._grant("catalog", catalog, dict.fromkeys(sorted(everybody), ("USE_CATALOG",)))

    def _grant(self, kind: str, thing: str, wanted: Privileges) -> None:
        securable: dict[str, Any] = {kind: thing}
        grants.shared(f"{kind}.{thing}", wanted, self, self._after, **securable)
