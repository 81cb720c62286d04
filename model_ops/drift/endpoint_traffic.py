"""How the versions that an endpoint serves differ from what the stack deployed: pin, shares, warm versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from model_ops.drift.difference import Difference, Kind, difference, last_change
from model_ops.drift.state import Deployed
from model_ops.served import Endpoint, Expected, Verdict, traffic_of


def differences(deployed: Deployed, endpoint: Endpoint, expected: Expected) -> Iterator[Difference]:
    """Compare what the stack pinned when it was deployed with the active config; nothing where there is none yet."""
    if not endpoint.get("config"):
        return
    was, now = expected.traffic, traffic_of(endpoint, expected.model)
    serving = max((version for version, share in now.items() if share), key=lambda each: now[each], default=None)
    if serving != expected.version:
        yield _difference(deployed, endpoint, "pin", _shares(was), _shares(now), serving)
    elif _positive(was) != _positive(now):
        yield _difference(deployed, endpoint, "traffic", _shares(was), _shares(now))
    if (warm := _warm(was, now)) != (ready := _warm(now, was)):
        yield _difference(deployed, endpoint, "warm versions", warm, ready)
    if others := sorted(_others(endpoint, expected.model)):
        yield _difference(deployed, endpoint, "traffic", expected.model, f"also {', '.join(others)}")


def _difference(
    deployed: Deployed, endpoint: Endpoint, kind: Kind, was: str, now: str, serving: int | None = None
) -> Difference:
    last = last_change(deployed, endpoint.get("last_updated_timestamp"), _creator(endpoint, serving))
    what = f"endpoint {deployed.id}: {'served version' if kind == 'pin' else kind}"
    return difference(deployed, kind, what, was, now, last=last, serving=serving)


def _creator(endpoint: Endpoint, version: int | None) -> str:
    """Who deployed the version that serves now; of a change of traffic alone nobody is told."""
    entities = endpoint["config"].get("served_entities") or ()
    return next((str(each.get("creator") or "") for each in entities if each.get("entity_version") == str(version)), "")


def _shares(traffic: Mapping[int, int]) -> str:
    return Verdict(reasons=(), final=True, traffic=dict(sorted(traffic.items()))).serving


def _positive(traffic: Mapping[int, int]) -> dict[int, int]:
    return {version: share for version, share in traffic.items() if share}


def _warm(traffic: Mapping[int, int], others: Mapping[int, int]) -> str:
    """The versions without traffic, but for those that the other side gives some: that is told already."""
    warm = [version for version, share in sorted(traffic.items()) if not share and not others.get(version)]
    return ", ".join(map(str, warm)) or "none"


def _others(endpoint: Endpoint, model: str) -> Iterator[str]:
    for each in endpoint["config"].get("served_entities") or ():
        if each.get("entity_name") != model:
            yield str(each.get("entity_name") or each.get("name"))
