"""Reads an endpoint that exists as an entry of a stack file: what a stack can say of it, and what it cannot."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from model_ops.adopting.said import Said
from model_ops.errors import PlanError
from model_ops.pinning.layering import over
from model_ops.served import Endpoint, traffic_of

MOST_NAME = 55
NAME = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,{MOST_NAME - 1}}}")
"""What an entry may be called, as the README says of `rollpin:models`."""
ROLLPINS_OWN: Mapping[str, Any] = {"createCatalog": False, "createSchema": True, "createExperiment": True}
"""What an entry that leaves these out says."""


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
    created: Collection[str] = ()
    """The full names of the registered models that entries of the stack create."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What the stack says for all of its models."""


def read_entry(endpoint: Endpoint, around: Surroundings) -> Entry:
    """Read an endpoint as an entry; raises PlanError, with the reason, where a stack cannot have it."""
    name, config = str(endpoint["name"]), endpoint.get("config") or {}
    full_name = _model(name, config)
    catalog, schema, model = full_name.split(".")
    if model != model.lower():
        raise _cannot(name, f"its model is called {model}, and a stack takes lower case alone")
    entry = _entry_name(name, model, around.taken)
    catalogs, schemas = around.places.get((catalog, schema), (False, False))
    settings: dict[str, Any] = {"catalog": catalog, "schema": schema}
    settings |= {} if entry == model else {"model": model}
    settings |= {"createCatalog": catalogs, "createSchema": schemas}
    settings |= {"createModel": False} if full_name in around.created else {}
    settings |= {"adopt": True, **_pins(name, traffic_of(endpoint, full_name))}
    settings |= {"createExperiment": around.experiment is not None}
    settings |= {"experiment": {"name": around.experiment}} if around.experiment else {}
    said = Said(endpoint, catalog, schema, around.tags, around.defaults)
    settings["endpoint"] = {"name": name, **said.settings}
    below = over(dict(around.defaults), ROLLPINS_OWN)
    return Entry(name=entry, settings=_less(settings, below), unsaid=tuple(said.unsaid()))


def _entry_name(endpoint: str, model: str, taken: Collection[str]) -> str:
    """The entry's name: the model's, if no other entry has it and it is short enough, else made of the endpoint's."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", endpoint.lower()).strip("_-")[:MOST_NAME] or "endpoint"
    numbered = (f"{plain[: MOST_NAME - 5]}-{number}" for number in range(2, 10**4))
    return next(each for each in chain((model, plain), numbered) if NAME.fullmatch(each) and each not in taken)


def _less(settings: Mapping[str, Any], below: Mapping[str, Any]) -> dict[str, Any]:
    """The settings without what is said below them already."""
    left: dict[str, Any] = {}
    for key, value in settings.items():
        lower = below.get(key)
        if isinstance(value, dict) and isinstance(lower, dict):
            left |= {key: less} if (less := _less(value, lower)) else {}
        elif key not in below or value != lower:
            left[key] = value
    return left


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
