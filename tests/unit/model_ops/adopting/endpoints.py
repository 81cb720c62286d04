"""Endpoints as the REST API shows them, and what adopting reads of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model_ops.adopting.entry import Entry, Surroundings, read_entry

MODEL = "main.shared.churn"


def entity(version: int, **more: Any) -> dict[str, Any]:
    return {
        "name": f"churn-{version}",
        "entity_name": MODEL,
        "entity_version": str(version),
        "workload_size": "Small",
        "workload_type": "CPU",
        "scale_to_zero_enabled": False,
        "creator": "somebody",
        "state": {"deployment": "DEPLOYMENT_READY"},
        **more,
    }


def read(
    *entities: Mapping[str, Any],
    shares: tuple[int, ...] = (100,),
    experiment: str | None = "/Shared/churn",
    taken: tuple[str, ...] = (),
    places: Mapping[tuple[str, str], tuple[bool, bool]] | None = None,
    created: tuple[str, ...] = (),
    defaults: Mapping[str, Any] | None = None,
    **more: Any,
) -> Entry:
    routes = [
        {"served_entity_name": each["name"], "traffic_percentage": share}
        for each, share in zip(entities, shares, strict=False)
    ]
    config = {"served_entities": list(entities), "traffic_config": {"routes": routes}}
    around = Surroundings(
        experiment=experiment,
        taken=taken,
        places=places or {},
        tags={"team": "ours"},
        created=created,
        defaults=defaults or {},
    )
    return read_entry({"name": "scores", "config": config, **more}, around)
