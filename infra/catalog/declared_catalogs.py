"""The catalogs that a platform stack makes for others, and who gets in by which role: worked out from its settings."""

from __future__ import annotations

from collections.abc import Mapping

from infra.access import access_lists
from infra.catalog.catalog_plan import CatalogPlan, SchemaPlan
from infra.settings.catalog_schema import Catalog, CatalogSchema


def plan(catalogs: Mapping[str, Catalog]) -> tuple[CatalogPlan, ...]:
    """Give each catalog, in alphabetical order, with its schemas and their volumes."""
    return tuple(_catalog(name, each) for name, each in sorted(catalogs.items()))


def _catalog(name: str, catalog: Catalog) -> CatalogPlan:
    return CatalogPlan(
        name=name,
        model="",
        created=True,
        adopted=catalog.adopt,
        leaving=False,
        isolated=catalog.isolated,
        storage_root=catalog.storage_root,
        privileges=access_lists.in_catalog(catalog.principals),
        schemas=tuple(_schema(each, catalog.schemas[each], catalog.adopt) for each in sorted(catalog.schemas)),
    )


def _schema(name: str, schema: CatalogSchema, adopted: bool) -> SchemaPlan:
    return SchemaPlan(
        name=name,
        model="",
        created=True,
        adopted=adopted,
        leaving=False,
        privileges=access_lists.in_schema(schema.access),
        volumes=tuple(sorted(schema.volumes)),
    )
