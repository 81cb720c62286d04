"""What Databricks asks of an endpoint's config, before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from model_ops import secret_reference
from sandbox.workspace.api.errors import absent, invalid
from sandbox.workspace.endpoints.compute_rules import check_compute, default_compute
from sandbox.workspace.endpoints.endpoint_bodies import EndpointConfig, Route, ServedEntity, ServedModel

MOST_ENTITIES = 15
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_VERSION = re.compile(r"[1-9][0-9]{0,8}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RENAMED = {"model_name": "entity_name", "model_version": "entity_version"}


@dataclass(frozen=True)
class Config:
    """A config that holds together; whether its model versions exist is not known yet."""

    served_entities: Sequence[dict[str, Any]]
    routes: Sequence[dict[str, Any]]


def check_endpoint_name(name: str) -> None:
    """Raise ApiError unless Databricks takes the name."""
    if not _NAME.fullmatch(name):
        raise invalid(
            f"name: an endpoint's name has 1 to 63 letters, digits, dashes and underscores, found {name[:80]!r}."
        )


def check_config(sent: EndpointConfig) -> Config:
    """Fill in what Databricks fills in, and raise ApiError for what it refuses."""
    if sent.served_entities and sent.served_models:
        raise invalid("config: send served_entities or served_models, not both.")
    if sent.served_entities:
        entities = [_entity(entity, f"served_entities[{i}]") for i, entity in enumerate(sent.served_entities)]
    else:
        entities = [_entity(_modern(model), f"served_models[{i}]") for i, model in enumerate(sent.served_models or [])]
    _check_count(entities)
    routes = (sent.traffic_config.routes or []) if sent.traffic_config else []
    names = [entity["name"] for entity in entities]
    return Config(entities, _routes(routes, names))


def _modern(model: ServedModel) -> ServedEntity:
    fields = {_RENAMED.get(name, name): value for name, value in model.model_dump(exclude_none=True).items()}
    return ServedEntity(**fields)


def _check_count(entities: Sequence[dict[str, Any]]) -> None:
    if not entities:
        raise invalid("served_entities: at least one served entity is required.")
    if len(entities) > MOST_ENTITIES:
        raise invalid(f"served_entities: at most {MOST_ENTITIES} are allowed, found {len(entities)}.")
    names = [entity["name"] for entity in entities]
    for name in names:
        if names.count(name) > 1:
            raise invalid(f"served_entities: the name {name!r} is given more than once.")


def _entity(entity: ServedEntity, field: str) -> dict[str, Any]:
    if entity.external_model:
        raise absent("external models; it serves registered models")
    if not entity.entity_name or not entity.entity_version:
        raise invalid(f"{field}: entity_name and entity_version are required.")
    if not _VERSION.fullmatch(entity.entity_version):
        raise invalid(
            f"{field}.entity_version: a model version is a whole number such as '7', found {entity.entity_version!r}."
        )
    check_compute(entity, field)
    _check_variables(entity.environment_vars or {}, field)
    name = entity.name or _default_name(entity.entity_name, entity.entity_version)
    if not _NAME.fullmatch(name):
        raise invalid(f"{field}.name: it has 1 to 63 letters, digits, dashes and underscores, found {name[:80]!r}.")
    return {"scale_to_zero_enabled": False, **default_compute(entity), **entity.given(), "name": name}


def _default_name(entity_name: str, version: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", f"{entity_name.rpartition('.')[2]}-{version}")


def _check_variables(variables: dict[str, str], field: str) -> None:
    for name, value in variables.items():
        if not _VARIABLE.fullmatch(name) or "\0" in value:
            raise invalid(f"{field}.environment_vars: {name!r} is not the name of an environment variable.")
        try:
            secret_reference.parse(value)
        except ValueError as error:
            raise invalid(
                f"{field}.environment_vars.{name}: {error}. The whole value must be {{{{secrets/<scope>/<key>}}}}."
            ) from None


def _routes(routes: Sequence[Route], names: Sequence[str]) -> list[dict[str, Any]]:
    if not routes:
        if len(names) > 1:
            raise invalid("traffic_config: it is required with more than one served entity.")
        routes = [Route(served_model_name=names[0], traffic_percentage=100)]
    named = [_route(route, f"traffic_config.routes[{i}]", names) for i, route in enumerate(routes)]
    total = sum(route["traffic_percentage"] for route in named)
    if total != 100:
        raise invalid(f"traffic_config.routes: the traffic percentages must sum to 100, found {total}.")
    routed = [route["served_model_name"] for route in named]
    for name in routed:
        if routed.count(name) > 1:
            raise invalid(f"traffic_config.routes: {name!r} has more than one route.")
    return named


def _route(route: Route, field: str, names: Sequence[str]) -> dict[str, Any]:
    given = {name for name in (route.served_model_name, route.served_entity_name) if name}
    if len(given) != 1:
        raise invalid(f"{field}: it needs one served_entity_name.")
    name = given.pop()
    if name not in names:
        raise invalid(f"{field}.served_entity_name: {name!r} is not served; served are {', '.join(names)}.")
    if not 0 <= route.traffic_percentage <= 100:
        raise invalid(f"{field}.traffic_percentage: 0 to 100, found {route.traffic_percentage}.")
    return {"served_model_name": name, "traffic_percentage": route.traffic_percentage}
