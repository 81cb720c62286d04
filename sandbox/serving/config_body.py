"""What the control API is asked to serve, checked before anything is started or written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.serving.errors import invalid
from sandbox.serving.served_config import Config, Entity, Route

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
"""Names of endpoints and served entities; they also name files, so nothing else ever passes."""
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MOST_ENTITIES = 15
"""Served entities an endpoint can have on Databricks."""


def checked_name(kind: str, name: object) -> str:
    """Return `name` if it is one; raises ApiError (400) otherwise."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise invalid(f"{kind} {name!r} is not a name: use 1 to 63 letters, digits, '-' and '_', the first no sign.")
    return name


def config(body: object) -> Config:
    """Read the body of a PUT; raises ApiError (400) that names the field, what was found and what is expected."""
    sent = _mapping("The body", body)
    listed = _list("served_entities", sent.get("served_entities"))
    if not 1 <= len(listed) <= MOST_ENTITIES:
        raise invalid(f"served_entities has {len(listed)} members: give 1 to {MOST_ENTITIES}.")
    entities = tuple(_entity(value) for value in listed)
    names = [entity.name for entity in entities]
    if len(set(names)) < len(names):
        raise invalid(f"served_entities names one twice: {', '.join(names)}.")
    return Config(entities=entities, routes=_routes(sent.get("traffic_config"), names))


def _entity(value: object) -> Entity:
    fields = dict(_mapping("A member of served_entities", value))
    name = checked_name("Served entity", fields.get("name"))
    fields.pop("state", None)
    for key in ("entity_name", "entity_version"):
        if not isinstance(fields.get(key), str) or not fields[key]:
            raise invalid(f"{key} of served entity {name} is {fields.get(key)!r}: give a string.")
    model_dir = fields.pop("model_dir", None)
    if not isinstance(model_dir, str) or not Path(model_dir).is_absolute():
        raise invalid(f"model_dir of served entity {name} is {model_dir!r}: give an absolute path.")
    _environment(name, fields.get("environment_vars"))
    return Entity(fields=fields, model_dir=model_dir)


def _environment(name: str, value: object) -> None:
    if value is None:
        return
    for variable, text in _mapping(f"environment_vars of served entity {name}", value).items():
        if not VARIABLE.fullmatch(variable) or not isinstance(text, str) or "\0" in text:
            raise invalid(f"environment_vars of served entity {name} has {variable!r}: give a name and a string.")


def _routes(value: object, names: list[str]) -> tuple[Route, ...]:
    if value is None and len(names) == 1:
        return (Route(names[0], 100),)
    listed = _list("traffic_config.routes", _mapping("traffic_config", value).get("routes"))
    routes = tuple(_route(member, names) for member in listed)
    routed = [route.entity for route in routes]
    if len(set(routed)) < len(routed):
        raise invalid(f"traffic_config.routes names one twice: {', '.join(routed)}.")
    if sum(route.percent for route in routes) != 100:
        raise invalid(f"traffic_percentage adds up to {sum(r.percent for r in routes)}: it must be 100.")
    return routes


def _route(value: object, names: list[str]) -> Route:
    route = _mapping("A member of traffic_config.routes", value)
    name = route.get("served_model_name") or route.get("served_entity_name")
    if name not in names:
        raise invalid(f"A traffic route names {name!r}, which is not a served entity: {', '.join(names)}.")
    percent = route.get("traffic_percentage")
    if not isinstance(percent, int) or isinstance(percent, bool) or not 0 <= percent <= 100:
        raise invalid(f"traffic_percentage of {name} is {percent!r}: give a whole number from 0 to 100.")
    return Route(str(name), percent)


def _mapping(what: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise invalid(f"{what} is {type(value).__name__}: a JSON object is expected.")
    return value


def _list(what: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise invalid(f"{what} is {type(value).__name__}: a JSON array is expected.")
    return value
