"""Which catalogs and schemas a stack creates, which it only uses, and who gets in: worked out from its models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.access import access_lists
from infra.access.access_lists import Privileges
from infra.settings.schema import Model


@dataclass(frozen=True, kw_only=True)
class SchemaPlan:
    """One schema of a catalog."""

    name: str
    created: bool
    privileges: Privileges = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CatalogPlan:
    """One catalog and those of its schemas that the stack's models are in."""

    name: str
    created: bool
    privileges: Privileges = field(default_factory=dict)
    schemas: tuple[SchemaPlan, ...] = ()


def plan(models: Mapping[str, Model]) -> tuple[CatalogPlan, ...]:
    """Gather the models by catalog and schema; settings that disagree have been refused by then."""
    names = sorted({model.catalog for model in models.values()})
    return tuple(_catalog(name, [model for model in models.values() if model.catalog == name]) for name in names)


def _catalog(name: str, models: list[Model]) -> CatalogPlan:
    schemas = sorted({model.schema_name for model in models})
    return CatalogPlan(
        name=name,
        created=models[0].create_catalog,
        privileges=access_lists.on_catalog(model.access for model in models),
        schemas=tuple(_schema(each, [model for model in models if model.schema_name == each]) for each in schemas),
    )


def _schema(name: str, models: list[Model]) -> SchemaPlan:
    return SchemaPlan(
        name=name,
        created=models[0].create_schema,
        privileges=access_lists.on_schema(model.access for model in models),
    )
