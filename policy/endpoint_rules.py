"""What holds of every serving endpoint: which version answers is said in the stack's file, whole and by number."""

from __future__ import annotations

from collections.abc import Iterator

from policy.circumstances import Circumstances
from policy.kinds import ENDPOINT
from policy.resource import Findings, Resource, Untold, Value
from policy.rule import on

NAMES = ("servedModelName", "servedEntityName")
"""What a route calls the entity that it leads to; the provider fills in the other one."""


@on(ENDPOINT)
def version_is_pinned(endpoint: Resource, stack: Circumstances) -> Findings:
    """An alias or `latest` moves without a review, and nothing to go back to is written down.

    Write a whole number: `servedVersion: 7`.
    """
    for entity in entities(endpoint):
        name, version = name_of(entity), version_of(entity)
        if name.is_untold or version.is_untold:
            yield Untold((name if name.is_untold else version).path)
        elif is_model(entity) and not (version.text.isascii() and version.text.isdigit() and int(version.text) > 0):
            yield f"served entity {label(entity)} is of version `{version.text or 'none'}`"


@on(ENDPOINT)
def routes_sum_to_100(endpoint: Resource, stack: Circumstances) -> Findings:
    """Requests beyond the sum are answered by nobody, and Databricks refuses the update half-way through an up.

    Give each route its share, 100 in all: the pin has what `canary.percent` leaves.
    """
    routes = endpoint.at("config", "trafficConfig", "routes")
    shares = [route.at("trafficPercentage") for route in routes.items]
    if untold := next((each for each in (routes, *shares) if each.is_untold), None):
        yield Untold(untold.path)
    elif routes.items and (total := sum(float(share.raw or 0) for share in shares)) != 100:
        yield f"the routes get {total:g} % of the traffic"


@on(ENDPOINT)
def routes_lead_to_entities(endpoint: Resource, stack: Circumstances) -> Findings:
    """A route to an entity that is not there is traffic without an answer: name one of the endpoint's own entities."""
    names = [entity.at("name") for entity in entities(endpoint)]
    # One that is not named has the name that Databricks gives it.
    if untold := next((each for each in names if each.is_untold or not each.text), None):
        yield Untold(untold.path)
        return
    known = {name.text for name in names}
    for route in endpoint.at("config", "trafficConfig", "routes").items:
        target = next((found for key in NAMES if (found := route.at(key)).raw is not None), route.at(NAMES[0]))
        if target.is_untold:
            yield Untold(target.path)
        elif target.text not in known:
            yield f"a route leads to `{target.text}`; there is {', '.join(sorted(known)) or 'no entity'}"


def entities(endpoint: Resource) -> Iterator[Value]:
    """What an endpoint serves, by its present and by its former input; where these are not told, that alone."""
    for key in ("servedEntities", "servedModels"):
        found = endpoint.at("config", key)
        if found.is_untold:
            yield found
            return
        yield from found.items


def name_of(entity: Value) -> Value:
    """The full name of the registered model that an entity serves."""
    found = entity.at("entityName")
    return entity.at("modelName") if found.raw is None else found


def version_of(entity: Value) -> Value:
    """The version of a registered model that an entity serves."""
    found = entity.at("entityVersion")
    return entity.at("modelVersion") if found.raw is None else found


def is_model(entity: Value) -> bool:
    """Whether an entity serves a version of a registered model, and not somebody else's service."""
    return entity.at("externalModel").raw is None


def label(entity: Value) -> str:
    """How a message calls an entity."""
    name = entity.at("name")
    return entity.path if name.is_untold or not name.text else name.text
