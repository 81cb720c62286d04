"""Whether what a stack made is there still, and whose it is: models, experiments, schemas, volumes, scopes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from model_ops.drift.difference import GONE, NOT_SET, THERE, Difference, Kind, difference, last_change
from model_ops.drift.state import Deployed
from model_ops.errors import AbsentError
from model_ops.workspace.client import Workspace
from model_ops.workspace.secret_scopes import SecretScopes

CATALOG = "/api/2.1/unity-catalog"
NOUNS = {
    "Catalog": "catalog",
    "MlflowExperiment": "experiment",
    "ModelServing": "endpoint",
    "RegisteredModel": "registered model",
    "Schema": "schema",
    "SecretScope": "secret scope",
    "VectorSearchEndpoint": "vector search endpoint",
    "VectorSearchIndex": "index",
    "Volume": "volume",
}
"""What people call a thing, by the provider's type."""
PATHS = {
    "Catalog": f"{CATALOG}/catalogs/",
    "RegisteredModel": f"{CATALOG}/models/",
    "Schema": f"{CATALOG}/schemas/",
    "VectorSearchEndpoint": "/api/2.0/vector-search/endpoints/",
    "VectorSearchIndex": "/api/2.0/vector-search/indexes/",
    "Volume": f"{CATALOG}/volumes/",
}
SAID: tuple[Kind, ...] = ("owner", "comment")
"""What of a thing may be said by a stack, and is compared where it is."""


def label(deployed: Deployed) -> str:
    """A thing by its noun and its name."""
    name = deployed.value("name") if deployed.type == "MlflowExperiment" else deployed.id
    return f"{NOUNS[deployed.type]} {name}"


def gone(deployed: Deployed) -> Difference:
    """Say that a thing is there no more."""
    return difference(deployed, "existence", label(deployed), THERE, GONE)


def differences(deployed: Deployed, workspace: Workspace) -> Iterator[Difference]:
    """Look whether it is there, and compare what the stack says of it; raises WorkspaceError where that is untold."""
    try:
        found = _found(deployed, workspace)
    except AbsentError:
        found = None
    if found is None:
        yield gone(deployed)
        return
    last = last_change(deployed, found.get("updated_at"), str(found.get("updated_by") or ""))
    for kind in SAID:
        was, now = deployed.inputs.get(kind), str(found.get(kind) or "")
        if isinstance(was, str) and was != now:
            what = f"{label(deployed)}: {kind}"
            yield difference(deployed, kind, what, was or NOT_SET, now or NOT_SET, last=last)


def _found(deployed: Deployed, workspace: Workspace) -> Mapping[str, Any] | None:
    if deployed.type == "SecretScope":
        return {} if deployed.id.casefold() in SecretScopes(workspace).all() else None
    if deployed.type == "MlflowExperiment":
        path = "/api/2.0/mlflow/experiments/get"
        experiment = workspace.part(path, {"experiment_id": deployed.id}, "experiment")
        return None if experiment.get("lifecycle_stage") == "deleted" else experiment
    return workspace.ask(f"{PATHS[deployed.type]}{quote(deployed.id, safe='')}")
