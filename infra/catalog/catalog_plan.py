"""Which catalogs and schemas a stack creates, which it only uses, and who gets in: worked out from its models."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from infra.access import access_lists
from infra.access.access_lists import Privileges
from infra.settings.schema import Access, Model

Readers = Mapping[tuple[str, str], Collection[str]]
"""Principals by the names of a catalog and of a schema in it."""


@dataclass(frozen=True, kw_only=True)
class SchemaPlan:
    """One schema of a catalog; `model` is the first of those that are in it, none where `rollpin:catalogs` has it."""

    name: str
    model: str
    created: bool
    adopted: bool
    """Taken over where it is there already."""
    leaving: bool
    """All that is in it is retired, so the stack may forget it."""
    given: bool = True
    """Whether the stack gives privileges on it; else others do, and it looks at none."""
    privileges: Privileges = field(default_factory=dict)
    volumes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CatalogPlan:
    """One catalog and those of its schemas that the stack is about; `model` is the first of those in it, if any."""

    name: str
    model: str
    created: bool
    adopted: bool
    leaving: bool
    given: bool = True
    isolated: bool | None = None
    """Whether other workspaces are kept out; None where the platform says it."""
    storage_root: str | None = None
    """Where its data lies; None where the platform says it."""
    privileges: Privileges = field(default_factory=dict)
    schemas: tuple[SchemaPlan, ...] = ()


def plan(models: Mapping[str, Model], readers: Readers | None = None) -> tuple[CatalogPlan, ...]:
    """Gather the models by catalog and schema; settings that disagree have been refused by then.

    `readers` are those who must reach other things in a schema than its models and the inference tables.
    """
    names = sorted({model.catalog for model in models.values()})
    reaching = _united(table_readers(models), readers or {})
    return tuple(
        _catalog(name, {key: each for key, each in models.items() if each.catalog == name}, reaching) for name in names
    )


def table_readers(models: Mapping[str, Model]) -> Readers:
    """Those who read the inference tables in a schema; on that schema, which has no models, they get it themselves."""
    return _united(*({model.table_schema: model.table_readers} for model in models.values()))


def _united(*each: Readers) -> Readers:
    united: dict[tuple[str, str], set[str]] = {}
    for readers in each:
        for schema, who in readers.items():
            united.setdefault(schema, set()).update(who)
    return united


def _catalog(name: str, models: Mapping[str, Model], readers: Readers) -> CatalogPlan:
    first, inside = next(iter(models.items())), models.values()
    reaching = {each for (catalog, _), who in readers.items() if catalog == name for each in who}
    schemas = sorted({model.schema_name for model in inside})
    giving = _giving(inside, created=first[1].create_catalog)
    return CatalogPlan(
        name=name,
        model=first[0],
        created=first[1].create_catalog,
        adopted=any(model.adopt for model in inside),
        leaving=all(model.retired for model in inside),
        given=bool(giving),
        privileges=access_lists.on_catalog(giving, reaching) if giving else {},
        schemas=tuple(
            _schema(
                each,
                {key: model for key, model in models.items() if model.schema_name == each},
                readers.get((name, each), ()),
            )
            for each in schemas
        ),
    )


def _schema(name: str, models: Mapping[str, Model], readers: Iterable[str]) -> SchemaPlan:
    first, inside = next(iter(models.items())), models.values()
    giving = _giving(inside, created=first[1].create_schema)
    return SchemaPlan(
        name=name,
        model=first[0],
        created=first[1].create_schema,
        adopted=any(model.adopt for model in inside),
        leaving=all(model.retired for model in inside),
        given=bool(giving),
        privileges=access_lists.on_schema(giving, readers) if giving else {},
    )


def _giving(models: Iterable[Model], *, created: bool) -> list[Access]:
    """The lists that give the way there: on what the stack creates each of them, else those that say so."""
    return [model.access for model in models if created or model.access.reach]
