"""Reads an endpoint that exists as an entry of a stack file: what a stack can say of it, and what it cannot."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from model_ops.adopting.said import Said
from model_ops.errors import PlanError
from model_ops.served import Endpoint, traffic_of

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,54}")
"""What an entry may be called, as the README says of `rollpin:models`."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of `rollpin:models`: its name, its settings by their keys, and what they leave unsaid."""

    name: str
    settings: Mapping[str, Any]
    unsaid: tuple[str, ...]
    """What is set of the endpoint and no stack can say; an `up` leaves it as it is."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What an entry must agree with: the experiment of its training, and what the stack has already."""

    experiment: str | None
    """Its path; None where it is unknown, or another entry's."""
    taken: Collection[str]
    """The names of the stack's entries."""
    places: Mapping[tuple[str, str], tuple[bool, bool]]
    """By catalog and schema, whether the stack creates the one and the other."""
    tags: Mapping[str, str]
    """The stack's own tags."""


def read_entry(endpoint: Endpoint, around: Surroundings) -> Entry:
    """Read an endpoint as an entry; raises PlanError, with the reason, where a stack cannot have it."""
    name, config = str(endpoint["name"]), endpoint.get("config") or {}
    full_name = _model(name, config)
    catalog, schema, model = full_name.split(".")
    if not NAME.fullmatch(model):
        raise _cannot(name, f"its model is called {model}, and an entry takes lower case alone, at most 55 characters")
    if model in around.taken:
        raise _cannot(name, f"the stack has an entry {model} already; one model has one endpoint")
    catalogs, schemas = around.places.get((catalog, schema), (False, False))
    settings: dict[str, Any] = {"catalog": catalog, "schema": schema}
    settings |= {"createCatalog": True} if catalogs else {}
    settings |= {} if schemas else {"createSchema": False}
    settings |= {"adopt": True, **_pins(name, traffic_of(endpoint, full_name))}
    settings |= {"experiment": {"name": around.experiment}} if around.experiment else {"createExperiment": False}
    said = Said(endpoint, catalog, schema, around.tags)
    settings["endpoint"] = {"name": name, **said.settings}
    return Entry(name=model, settings=settings, unsaid=tuple(said.unsaid()))


def pinned_version(endpoint: Endpoint) -> tuple[str, int]:
    """The registered model that an endpoint serves, and the version with most traffic; raises PlanError."""
    full_name = _model(str(endpoint["name"]), endpoint.get("config") or {})
    return full_name, int(_pins(str(endpoint["name"]), traffic_of(endpoint, full_name))["servedVersion"])


def _model(name: str, config: Mapping[str, Any]) -> str:
    entities = config.get("served_entities") or ()
    models = {str(entity.get("entity_name") or "") for entity in entities if entity.get("entity_version")}
    if not entities or len(models) != 1 or any(not entity.get("entity_version") for entity in entities):
        served = "nothing yet" if not entities else f"{len(models)} registered models"
        if any(not entity.get("entity_version") for entity in entities):
            served = "a foundation or an external model"
        raise _cannot(name, f"it serves {served}, and a stack's endpoint serves versions of one registered model")
    (model,) = models
    if model.count(".") != 2:
        raise _cannot(name, f"its model {model} is not in Unity Catalog")
    versions = [entity["entity_version"] for entity in entities]
    if len(set(versions)) < len(versions):
        raise _cannot(name, "it serves one version by two entities, and a stack has one for each version")
    return model


def _pins(name: str, traffic: Mapping[int, int]) -> dict[str, Any]:
    """The pin has most of the traffic, the older of two with the same; the other is a canary, the rest is warm."""
    ranked = sorted((version for version, share in traffic.items() if share), key=lambda each: (-traffic[each], each))
    if not ranked or len(ranked) > 2 or sum(traffic.values()) != 100:
        raise _cannot(name, f"{len(ranked)} versions share its traffic; a stack has a pin and at most one canary")
    pins: dict[str, Any] = {"servedVersion": ranked[0]}
    if any(not share for share in traffic.values()):  # the pin among them, so that it stays when another is pinned
        pins["warmVersions"] = sorted({version for version, share in traffic.items() if not share} | {ranked[0]})
    if len(ranked) == 2:
        pins["canary"] = {"version": ranked[1], "percent": traffic[ranked[1]]}
    return pins


def _cannot(name: str, reason: str) -> PlanError:
    return PlanError(f"Endpoint {name} cannot be an entry of a stack: {reason}.")
