"""Which entry of a stack has a registered model as its own, and what all entries that serve it give on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.access import access_lists
from infra.access.access_lists import Privileges
from infra.settings.schema import Model


@dataclass(frozen=True, kw_only=True)
class ModelPlan:
    """One registered model of a stack, which one or more entries serve."""

    full_name: str
    entry: str
    """The entry that creates it, or the first of those that use it; it alone says who may do what with the model."""
    privileges: Privileges


def plan(models: Mapping[str, Model]) -> Mapping[str, ModelPlan]:
    """The registered models by their full names; that one entry at most creates each has been confirmed by then."""
    serving: dict[str, list[str]] = {}
    for entry, model in models.items():
        serving.setdefault(model.full_name(entry), []).append(entry)
    return {
        full_name: ModelPlan(
            full_name=full_name,
            entry=next((each for each in entries if models[each].create_model), entries[0]),
            privileges=access_lists.on_model(models[each].access for each in entries),
        )
        for full_name, entries in serving.items()
    }


def in_order(models: Mapping[str, Model]) -> list[str]:
    """The entries, those that create a registered model before those that only use it."""
    return sorted(models, key=lambda entry: not models[entry].create_model)
