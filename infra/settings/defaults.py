"""What the models of a stack have in common: `rollpin:defaults`, which is laid under the settings of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from infra.settings.layering import over
from infra.settings.location import Location, dotted
from infra.settings.mend import Remove
from infra.settings.mistake import Mistake
from infra.settings.stack_file import StackFile
from infra.settings.stack_yaml import MOST_VALUES

DEFAULTS = ("config", "rollpin:defaults")
MODELS = ("config", "rollpin:models")
VERSIONS = "each model has versions of its own"
NOT_COMMON: Mapping[Location, str] = MappingProxyType(
    {
        ("servedVersion",): VERSIONS,
        ("canary",): VERSIONS,
        ("warmVersions",): VERSIONS,
        ("retired",): "models are retired one by one",
        ("adopt",): "what is taken over is said of each thing: from then on the stack owns it",
        ("model",): "a registered model has one entry that creates it",
        ("experiment",): "an experiment records the training of one model",
        ("endpoint", "name"): "an endpoint serves one model",
        ("endpoint", "environmentOf"): VERSIONS,
        ("endpoint", "gateway", "inferenceTable", "prefix"): "a table is one endpoint's",
        ("endpoint", "adopt"): "what is taken over is said of each thing: from then on the stack owns it",
    }
)
"""Keys of a model that it alone can have, each with the reason."""


def laid(file: StackFile) -> dict[str, Any]:
    """The settings `defaults` and `models`, each model over what can be common; nothing where there are no defaults."""
    if DEFAULTS[1] not in file.config:
        return {}
    below = _without(file.config[DEFAULTS[1]], tuple(NOT_COMMON))
    models = file.config.get(MODELS[1])
    if not isinstance(models, dict):
        return {"defaults": below}
    if not _bounded(file):
        return {"defaults": below, "models": {}}
    return {"defaults": below, "models": {name: over(value, below) for name, value in models.items()}}


def source(file: StackFile, location: Location) -> Location:
    """Where a model's setting is written: by the model itself, or else in the defaults if it is there."""
    inside = location[len(MODELS) + 1 :]
    common = (*DEFAULTS, *inside)
    own = location[: len(MODELS)] != MODELS or location in file.places or not inside
    refused = any(inside[: len(each)] == each for each in NOT_COMMON)
    return common if not own and not refused and common in file.places else location


def mistakes(file: StackFile) -> Iterator[Mistake]:
    """Find what cannot be common to models, and defaults that are too many for as many models."""
    for each, reason in NOT_COMMON.items():
        if (where := (*DEFAULTS, *each)) in file.places:
            place = file.place(where)
            yield Mistake(
                line=place.line,
                key=dotted(where),
                found=f"`{place.text}`, for all models",
                allowed=f"this key in a model's own settings alone: {reason}",
                mend=Remove(location=where, place=place),
            )
    if not _bounded(file):
        yield Mistake(
            line=file.place(DEFAULTS).line,
            key=dotted(DEFAULTS),
            found=f"{_count(file)} keys and values, for {len(file.keys(MODELS))} models",
            allowed=f"at most {MOST_VALUES} keys and values, those of the defaults counted for each model",
            mend="write what few models need into their own settings, or have two stacks of fewer models each",
        )


def _bounded(file: StackFile) -> bool:
    return _count(file) * len(file.keys(MODELS)) <= MOST_VALUES


def _count(file: StackFile) -> int:
    """Keys and values of the defaults."""
    return 2 * sum(location[: len(DEFAULTS)] == DEFAULTS for location in file.places)


def _without(value: Any, refused: tuple[Location, ...]) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: tuple(each[1:] for each in refused if each[0] == key) for key in value}
    return {key: _without(each, tuple(filter(None, inner[key]))) for key, each in value.items() if () not in inner[key]}
