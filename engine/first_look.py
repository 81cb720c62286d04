"""Says whether an `up` might find what it is to create, and so should be previewed: plain `pulumi up` always is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from infra.proof import thing
from infra.proof.thing import Thing
from infra.proof.workspace_api import UnansweredError, WorkspaceApi
from infra.settings.load import load
from infra.settings.mistake import SettingsError
from infra.settings.schema import Model
from model_ops.target import Target


def finds_something(file: Path, stack: str, deployed: Target | None, api: WorkspaceApi) -> bool:
    """Whether anything of a model that the stack has not deployed yet is in its workspace already.

    False where that cannot be told: then the `up` itself says why.
    """
    try:
        models = load(file, stack).models
        known = deployed.models if deployed else {}
        asked = [
            each
            for name, model in models.items()
            if name not in known or (model.deployed and known[name].endpoint_url is None)
            for each in _things(name, model, stack)
        ]
        return any(api.get(each.path) is not None for each in asked)
    except (SettingsError, UnansweredError):
        return False


def _things(name: str, model: Model, stack: str) -> Iterator[Thing]:
    if model.create_model:
        yield thing.registered_model(model.full_name(name), name)
    yield thing.endpoint(model.endpoint_name(name), name)
    if model.has_experiment:
        yield thing.experiment(model.experiment_name(stack, name), name)
    if model.create_catalog:
        yield thing.catalog(model.catalog, name)
    if model.create_schema:
        yield thing.schema(f"{model.catalog}.{model.schema_name}", name)
