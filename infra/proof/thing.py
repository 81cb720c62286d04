"""What a stack may find there already: where to ask for it, how the engine knows it, and how else to have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

Body = Mapping[str, Any]
"""What the workspace answers about it."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who may do what with a thing: where to ask for that, and by which id the engine imports it."""

    id: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One thing that a stack creates for a model, unless it takes it over or only uses it."""

    noun: str
    name: str
    model: str
    """The model whose settings ask for it."""
    key: str
    """The setting, of that model, that makes the stack create it."""
    otherwise: str
    """How else the stack can have one."""
    holds_data: bool
    """Whether it is left alone when the stack forgets it, once it was taken over."""
    path: str
    id_of: Callable[[Body], str]
    access_of: Callable[[Body], Access]

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
        return f"rollpin:models.{self.model}.{self.key}"


def catalog(name: str, model: str) -> Thing:
    """A catalog that `model` is in."""
    return _securable("catalog", name, model, "createCatalog", "catalogs", "to use it as it is")


def schema(full_name: str, model: str) -> Thing:
    """A schema that `model` is in."""
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


GRANTED_AS = {"registered model": "function"}
"""Grants on a registered model are addressed as a function's."""
GRANTS_OF = {"registered model": "model"}
"""The provider's own word for it, in the id of its grants."""


def _securable(noun: str, name: str, model: str, key: str, collection: str, use: str) -> Thing:
    catalogue = "/api/2.1/unity-catalog"
    access = Access(
        id=f"{GRANTS_OF.get(noun, noun)}/{name}",
        path=f"{catalogue}/permissions/{GRANTED_AS.get(noun, noun)}/{_segment(name)}",
    )
    return Thing(
        noun=noun,
        name=name,
        model=model,
        key=key,
        otherwise=f"{use}, write `{key}: false`",
        holds_data=True,
        path=f"{catalogue}/{collection}/{_segment(name)}",
        id_of=lambda _: name,
        access_of=lambda _: access,
    )


def _permissions(resource_id: str) -> Access:
    return Access(id=resource_id, path=f"/api/2.0/permissions{resource_id}")


def _segment(name: str) -> str:
    return quote(name, safe="")
