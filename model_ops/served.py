"""What *served* means, in one place: the stack's hook, `verify`, the demo and CI all ask `judge`.

Databricks' own waiter is content with `NOT_UPDATING`, which is also what an endpoint says whose update was never
sent. Here a version is served only when all of it holds: no update is on its way and the endpoint is READY, the
active config holds the version, its entity is DEPLOYMENT_READY, and the routes give it exactly the traffic that the
stack pins.

A failed update leaves everything as if nothing had happened, except that the endpoint says UPDATE_FAILED until the next
one. Whoever pins the old version again after a failed rollout has nothing left to send, so that word alone must not
speak against a version that does serve; the verdict mentions it.

This module is pure and imports the standard library alone, so that both halves of Rollpin can use it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Endpoint = Mapping[str, Any]
"""A serving endpoint as the REST API sends it: the body of `GET /api/2.0/serving-endpoints/{name}`."""

STOPPED = frozenset({"UPDATE_FAILED", "UPDATE_CANCELED"})
DEAD = frozenset({"DEPLOYMENT_FAILED", "DEPLOYMENT_ABORTED"})


@dataclass(frozen=True, kw_only=True)
class Canary:
    """A second version that takes `percent` (1 to 99) of the traffic."""

    version: int
    percent: int


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a stack pins for one model: `version` takes all the traffic that the canary leaves."""

    endpoint: str
    model: str
    version: int
    canary: Canary | None = None
    warm: tuple[int, ...] = ()

    @property
    def traffic(self) -> dict[int, int]:
        """Percent of the traffic by version; versions kept warm are named with 0."""
        shares = dict.fromkeys(self.warm, 0)
        taken = self.canary.percent if self.canary else 0
        if self.canary:
            shares[self.canary.version] = taken
        return shares | {self.version: 100 - taken}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the pin is what serves; if not, every reason, and what serves instead."""

    reasons: tuple[str, ...]
    final: bool
    """Waiting longer cannot change it: nothing is on its way."""
    traffic: Mapping[int, int] = field(default_factory=dict)
    """Percent of the traffic by version in the active config; empty when nothing serves."""
    remarks: tuple[str, ...] = ()
    """What speaks of the last update, but not against the pin."""

    @property
    def served(self) -> bool:
        """True when no reason speaks against it."""
        return not self.reasons

    @property
    def serving(self) -> str:
        """What answers now, in words: `version 6`, `version 6 (90 %), version 8 (10 %)` or `nothing`."""
        shares = {version: share for version, share in self.traffic.items() if share}
        if len(shares) == 1:
            return f"version {next(iter(shares))}"
        return ", ".join(f"version {version} ({share} %)" for version, share in shares.items()) or "nothing"


@dataclass(frozen=True, kw_only=True)
class FailedEntity:
    """A served entity that a failed update left behind, in its own words."""

    name: str
    version: int | None
    """None where it is no version of a registered model."""
    state: str
    message: str


def judge(endpoint: Endpoint | None, expected: Expected) -> Verdict:
    """Say whether `endpoint` serves what is expected; None stands for an endpoint that does not exist."""
    if endpoint is None:
        return Verdict(reasons=(f"endpoint {expected.endpoint} does not exist",), final=True)
    state = endpoint.get("state") or {}
    update, ready = state.get("config_update"), state.get("ready")
    entities = _entities(endpoint, expected.model)
    traffic = traffic_of(endpoint, expected.model)
    against = _entity_reasons(entities, expected) + _traffic_reasons(traffic, expected.traffic)
    failed = _failure_remarks(endpoint) if update in STOPPED else []
    reasons = _state_reasons(update, ready) + against + (failed if against else [])
    dead = any((entity.get("state") or {}).get("deployment") in DEAD for entity in entities.values())
    return Verdict(
        reasons=tuple(reasons),
        final=update in {*STOPPED, "NOT_UPDATING"} and (dead or traffic != expected.traffic),
        traffic=dict(sorted(traffic.items())),
        remarks=tuple(failed),
    )


def prove(
    ask: Callable[[], Endpoint | None],
    expected: Expected,
    *,
    timeout: float,
    interval: float = 2.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Verdict:
    """Ask until the pin serves, until waiting is pointless, or until `timeout` seconds have passed."""
    deadline = clock() + timeout
    while True:
        verdict = judge(ask(), expected)
        if verdict.served or verdict.final or clock() >= deadline:
            return verdict
        sleep(min(interval, max(0.0, deadline - clock())))


def _entities(endpoint: Endpoint, model: str) -> dict[int, Mapping[str, Any]]:
    config = endpoint.get("config") or {}
    served = config.get("served_entities") or ()
    return {int(e["entity_version"]): e for e in served if e.get("entity_name") == model and "entity_version" in e}


def traffic_of(endpoint: Endpoint, model: str) -> dict[int, int]:
    """Percent of the traffic by version of `model` in the active config; a version that is only kept warm gets 0."""
    names = {entity.get("name"): version for version, entity in _entities(endpoint, model).items()}
    config = endpoint.get("config") or {}
    routes = (config.get("traffic_config") or {}).get("routes") or ()
    if not routes and len(names) == 1:
        return dict.fromkeys(names.values(), 100)
    shares = dict.fromkeys(names.values(), 0)
    for route in routes:
        name = route.get("served_entity_name") or route.get("served_model_name")
        if name in names:
            shares[names[name]] += int(route.get("traffic_percentage") or 0)
    return shares


def serving(endpoint: Endpoint | None, model: str) -> tuple[int, ...]:
    """The versions of `model` that answer now, deployed and ready, the one with the most traffic first."""
    shares = traffic_of(endpoint or {}, model)
    ready = [version for version, share in shares.items() if share and is_ready(endpoint or {}, model, version)]
    return tuple(sorted(ready, key=lambda version: -shares[version]))


def served_entities(endpoint: Endpoint, model: str) -> dict[int, str]:
    """The name of the served entity of each version of `model` in the active config."""
    return {version: str(entity.get("name", "")) for version, entity in _entities(endpoint, model).items()}


def failed_entities(endpoint: Endpoint) -> tuple[FailedEntity, ...]:
    """The entities that made the last update fail; those that were only stopped with them, where no other one says."""
    dead = [each for each in _pending(endpoint) if (each.get("state") or {}).get("deployment") in DEAD]
    failed = [each for each in dead if each["state"]["deployment"] == "DEPLOYMENT_FAILED"]
    return tuple(
        FailedEntity(
            name=str(each.get("name")),
            version=int(each["entity_version"]) if "entity_version" in each else None,
            state=each["state"]["deployment"],
            message=each["state"].get("deployment_state_message") or "no message",
        )
        for each in failed or dead
    )


def is_updating(endpoint: Endpoint) -> bool:
    """Say whether an update of the endpoint is in progress: it takes no other one until that has ended."""
    return (endpoint.get("state") or {}).get("config_update") == "IN_PROGRESS"


def pending_versions(endpoint: Endpoint, model: str) -> set[int]:
    """The versions of `model` that the endpoint is being updated to, or was last to be."""
    entities = _pending(endpoint)
    return {int(e["entity_version"]) for e in entities if e.get("entity_name") == model and "entity_version" in e}


def is_ready(endpoint: Endpoint, model: str, version: int) -> bool:
    """Say whether a version is deployed and ready in the active config, whatever traffic it gets."""
    entity = _entities(endpoint, model).get(version) or {}
    return (entity.get("state") or {}).get("deployment") == "DEPLOYMENT_READY"


def _state_reasons(update: str | None, ready: str | None) -> list[str]:
    reasons = []
    if update != "NOT_UPDATING" and update not in STOPPED:
        reasons.append(f"its config update is {update or 'unknown'}, not NOT_UPDATING")
    if ready != "READY":
        reasons.append(f"it is {ready or 'in an unknown state'}, not READY")
    return reasons


def _entity_reasons(entities: Mapping[int, Mapping[str, Any]], expected: Expected) -> list[str]:
    reasons = []
    for version in expected.traffic:
        if version not in entities:
            reasons.append(f"version {version} is not in the active config")
            continue
        state = entities[version].get("state") or {}
        if state.get("deployment") != "DEPLOYMENT_READY":
            message = state.get("deployment_state_message") or "no message"
            reasons.append(f"version {version} is {state.get('deployment') or 'in an unknown state'}: {message}")
    return reasons


def _traffic_reasons(traffic: Mapping[int, int], expected: Mapping[int, int]) -> list[str]:
    reasons = [
        f"version {version} gets {traffic[version]} % of the traffic, not {share} %"
        for version, share in expected.items()
        if version in traffic and traffic[version] != share
    ]
    strays = [
        f"version {v} gets {s} % of the traffic, but is not pinned"
        for v, s in traffic.items()
        if s and v not in expected
    ]
    return reasons + strays


def _failure_remarks(endpoint: Endpoint) -> list[str]:
    failures = [f"{entity.name} failed: {entity.message}" for entity in failed_entities(endpoint)]
    return [f"its last config update is {endpoint['state']['config_update']} and changed nothing", *failures]


def _pending(endpoint: Endpoint) -> Sequence[Mapping[str, Any]]:
    return (endpoint.get("pending_config") or {}).get("served_entities") or ()
