"""What a stack may find there already: where to ask for it, how the engine knows it, and how else to have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

Body = Mapping[str, Any]
"""What the workspace answers about it."""
CATALOGUE = "/api/2.1/unity-catalog"
LEAVE = "to leave it alone, take it out"


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who may do what with a thing: where to ask for that, and by which id the engine imports it."""

    id: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One thing that a stack creates for a model or another entry, unless it takes it over or only uses it."""

    noun: str
    name: str
    model: str
    """The model or other entry whose settings ask for it; empty where those are the section's own."""
    key: str
    """The setting there that makes the stack create it."""
    otherwise: str
    """How else the stack can have one."""
    holds_data: bool
    """Whether it is left alone when the stack forgets it, once it was taken over."""
    path: str
    id_of: Callable[[Body], str]
    access_of: Callable[[Body], Access | None]
    section: str = "models"
    """The setting that its entry is in."""
    among: Callable[[Body], Body | None] = lambda body: body
    """Finds it in what `path` answers, where that is a list."""

    entry_named: bool = True
    """Whether it bears its entry's name; one with another may be several entries'."""

    @property
    def owned_as(self) -> str:
        """By what the stack's outputs say that it is the stack's own: of several entries, which has it."""
        return self.label if self.entry_named else f"{self.label}, as {self.model}"

    @property
    def label(self) -> str:
        """What it is and which, as messages and the stack's outputs say it."""
        return f"{self.noun} {self.name}"

    @property
    def setting(self) -> str:
        """The setting by its whole name."""
        return ".".join(filter(None, (f"rollpin:{self.section}", self.model, self.key)))

    @property
    def taker(self) -> str:
        """What would have to take it over."""
        return self.model or f"rollpin:{self.section}"


def catalog(name: str, model: str) -> Thing:
    """A catalog that `model` is in; without one, of `rollpin:catalogs`."""
    if not model:
        return _declared("catalog", name, "", "catalogs")
    return _securable("catalog", name, model, "createCatalog", "catalogs", "to use it as it is")


def schema(full_name: str, model: str) -> Thing:
    """A schema that `model` is in; without one, of `rollpin:catalogs`."""
    if not model:
        return _declared("schema", full_name, f"schemas.{full_name.partition('.')[2]}", "schemas")
    return _securable("schema", full_name, model, "createSchema", "schemas", "to use it as it is")


def registered_model(full_name: str, model: str) -> Thing:
    """A registered model."""
    use = "to serve it and leave all else to its owner"
    found = _securable("registered model", full_name, model, "createModel", "models", use)
    return replace(found, entry_named=full_name.rpartition(".")[2] == model)


def experiment(path: str, model: str) -> Thing:
    """An experiment, which the engine knows by its number."""

    def number(body: Body) -> str:
        return str(body["experiment"]["experiment_id"])

    return Thing(
        noun="experiment",
        name=path,
        model=model,
        key="experiment",
        otherwise="to have another one, write `experiment: {name: …}` with a path that is free",
        holds_data=True,
        path=f"/api/2.0/mlflow/experiments/get-by-name?{urlencode({'experiment_name': path})}",
        id_of=number,
        access_of=lambda body: _permissions(f"/experiments/{number(body)}"),
    )


def endpoint(name: str, model: str) -> Thing:
    """A serving endpoint; its permissions go by another id than its name."""
    return Thing(
        noun="serving endpoint",
        name=name,
        model=model,
        key="endpoint",
        otherwise="to have another one, write `endpoint: {name: …}` with a name that is free",
        holds_data=False,
        path=f"/api/2.0/serving-endpoints/{_segment(name)}",
        id_of=lambda _: name,
        access_of=lambda body: _permissions(f"/serving-endpoints/{body['id']}"),
    )


def secret_scope(name: str) -> Thing:
    """A secret scope, which only the list of all tells of; an entry of its ACL is made over one that is there."""

    def among(body: Body) -> Body | None:
        scopes = body.get("scopes") or ()
        return next((each for each in scopes if str(each.get("name")).casefold() == name.casefold()), None)

    return Thing(
        noun="secret scope",
        name=name,
        model=name,
        key="",
        otherwise="to use it as it is, take it out of the file: a model may refer to any scope",
        holds_data=True,
        path="/api/2.0/secrets/scopes/list",
        id_of=lambda body: str(body["name"]),
        access_of=lambda _: None,
        section="secretScopes",
        among=among,
    )


def search_endpoint(name: str) -> Thing:
    """An endpoint of vector search, whose permissions are left alone."""
    use = "to use it as it is, write `createEndpoint: false`"
    return _of_search("vector search endpoint", name, "endpoint", "/api/2.0/vector-search/endpoints", use, None)


def search_index(full_name: str) -> Thing:
    """An index of vector search, whose grants are those of a table."""
    key, grants = f"indexes.{full_name}", _granted("table", "table", full_name)
    return _of_search("vector search index", full_name, key, "/api/2.0/vector-search/indexes", LEAVE, grants)


def volume(full_name: str) -> Thing:
    """A volume."""
    key, grants = f"volumes.{full_name}", _granted("volume", "volume", full_name)
    return _of_search("volume", full_name, key, f"{CATALOGUE}/volumes", LEAVE, grants)


def schema_volume(full_name: str) -> Thing:
    """A volume of a schema of `rollpin:catalogs`."""
    _, schema, name = full_name.split(".")
    return _declared("volume", full_name, f"schemas.{schema}.volumes.{name}", "volumes")


def _declared(noun: str, name: str, key: str, collection: str) -> Thing:
    """What an entry of `rollpin:catalogs` says that there is, which others then use."""
    found = _securable(noun, name, name.partition(".")[0], key, collection, "")
    return replace(found, otherwise=LEAVE, section="catalogs")


def _of_search(noun: str, name: str, key: str, collection: str, otherwise: str, grants: Access | None) -> Thing:
    return Thing(
        noun=noun,
        name=name,
        model="",
        key=key,
        otherwise=otherwise,
        holds_data=grants is not None,
        path=f"{collection}/{_segment(name)}",
        id_of=lambda _: name,
        access_of=lambda _: grants,
        section="vectorSearch",
    )


GRANTED_AS = {"registered model": "function"}
"""Grants on a registered model are addressed as a function's."""
GRANTS_OF = {"registered model": "model"}
"""The provider's own word for it, in the id of its grants."""


def _securable(noun: str, name: str, model: str, key: str, collection: str, use: str) -> Thing:
    access = _granted(GRANTED_AS.get(noun, noun), GRANTS_OF.get(noun, noun), name)
    return Thing(
        noun=noun,
        name=name,
        model=model,
        key=key,
        otherwise=f"{use}, write `{key}: false`",
        holds_data=True,
        path=f"{CATALOGUE}/{collection}/{_segment(name)}",
        id_of=lambda _: name,
        access_of=lambda _: access,
    )


def _granted(securable: str, word: str, name: str) -> Access:
    """Grants on an object of Unity Catalog, whose id has the provider's own `word` for what it is."""
    return Access(id=f"{word}/{name}", path=f"{CATALOGUE}/permissions/{securable}/{_segment(name)}")


def _permissions(resource_id: str) -> Access:
    return Access(id=resource_id, path=f"/api/2.0/permissions{resource_id}")


def _segment(name: str) -> str:
    return quote(name, safe="")
