"""Everybody whom a stack's file names, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from infra.settings.schema import Model, Settings


@dataclass(frozen=True, kw_only=True)
class NamedPrincipal:
    """One of them."""

    name: str
    setting: str
    """Where it is named first, as in `rollpin:models.chatbot.access.query`."""
    in_workspace: bool
    """Whether it gets something that the workspace itself gives; else it is Unity Catalog's alone to know it."""


def named(settings: Settings) -> dict[str, NamedPrincipal]:
    """Each by its name; one that is named at several places has to be known to the workspace if one of them asks it."""
    found: dict[str, NamedPrincipal] = {}
    for each in _all(settings):
        known = found.setdefault(each.name, each)
        if each.in_workspace and not known.in_workspace:
            found[each.name] = each
    return found


def _all(settings: Settings) -> Iterator[NamedPrincipal]:
    for name, model in settings.models.items():
        yield from _of_model(f"rollpin:models.{name}", model)
    for name, scope in settings.secret_scopes.items():
        for key in ("read", "write", "manage"):
            yield from _each(f"rollpin:secretScopes.{name}.access.{key}", getattr(scope.access, key), in_workspace=True)
    for name, catalog in settings.catalogs.items():
        yield from _each(f"rollpin:catalogs.{name}", sorted(catalog.principals), in_workspace=False)
    if search := settings.vector_search:
        yield from _each("rollpin:vectorSearch", sorted(search.principals), in_workspace=False)


def _of_model(where: str, model: Model) -> Iterator[NamedPrincipal]:
    for key, names in model.access.lists.items():
        yield from _each(f"{where}.access.{key}", names, in_workspace=key != "execute")
    limits = (limit.name for limit in model.endpoint.gateway.rate_limits or () if limit.name)
    yield from _each(f"{where}.endpoint.gateway.rateLimits", limits, in_workspace=True)
    yield from _each(f"{where}.endpoint.gateway.inferenceTable.read", model.table_readers, in_workspace=False)
    yield from _each(f"{where}.owner", [model.owner] if model.owner else [], in_workspace=False)


def _each(setting: str, names: Iterable[str], *, in_workspace: bool) -> Iterator[NamedPrincipal]:
    for name in names:
        yield NamedPrincipal(name=name, setting=setting, in_workspace=in_workspace)
