"""What a Databricks workspace asks of requests to MLflow that MLflow itself does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.workspace.api.errors import invalid, missing
from sandbox.workspace.api.securable_names import FullName
from sandbox.workspace.registry.artifact_addresses import MLFLOW
from sandbox.workspace.registry.model_records import check_schema
from sandbox.workspace.registry.version_files import is_reserved
from sandbox.workspace.registry.version_records import check_whole
from sandbox.workspace.stores.workspace import Workspace
from sandbox.workspace.tracking.mlflow_gate import Rule

_IN_STORE = re.compile(r"mlflow-artifacts:/(?!/)[A-Za-z0-9_./ -]*")
_PROMPT = "mlflow.prompt.is_prompt"


def rules(workspace: Workspace) -> Mapping[str, Rule]:
    """Give the rules by the end of the route's address."""

    def create_model(sent: dict[str, Any]) -> None:
        if not is_prompt(sent):
            check_name(workspace, sent.get("name"))

    def rename_model(sent: dict[str, Any]) -> None:
        # MLflow reads its requests as protobuf, which takes both spellings.
        check_name(workspace, sent.get("new_name", sent.get("newName")))

    def create_version(sent: dict[str, Any]) -> None:
        check_source(workspace, sent.get("source"))

    def create_experiment(sent: dict[str, Any]) -> None:
        check_location(sent.get("artifact_location", sent.get("artifactLocation")))

    def delete_experiment(sent: dict[str, Any]) -> None:
        identifier = sent.get("experiment_id", sent.get("experimentId"))
        if identifier is not None:
            workspace.registry.free_experiment_name(str(identifier))

    return {
        "registered-models/create": create_model,
        "registered-models/rename": rename_model,
        "model-versions/create": create_version,
        "experiments/create": create_experiment,
        "experiments/delete": delete_experiment,
        "runs/create": check_experiment,
        "logged-models": check_experiment,
    }


def check_experiment(sent: dict[str, Any]) -> None:
    """Raise ApiError where no experiment is named: with Databricks' address MLflow has no default, and sends None."""
    if sent.get("experiment_id", sent.get("experimentId")) in (None, "", "None"):
        raise missing(
            "No experiment was found. If using the Python fluent API, you can set an active experiment under which to "
            'create runs by calling mlflow.set_experiment("experiment_name") at the start of your program. '
            "Or name it in the environment: export MLFLOW_EXPERIMENT_NAME=/Shared/training"
        )


def check_location(location: Any) -> None:
    """Raise ApiError for artifacts outside of the workspace's own store: MLflow would write wherever it is told."""
    if not location:
        return
    inside = isinstance(location, str) and _IN_STORE.fullmatch(location) and ".." not in location.split("/")
    if not inside or ((path := location.removeprefix(MLFLOW)) and is_reserved(path)):
        raise invalid(
            f"artifact_location: it is {str(location)[:80]!r}, which is not in the workspace's artifact store: "
            "leave it out, or name a path such as 'mlflow-artifacts:/mine'."
        )


def check_name(workspace: Workspace, name: Any) -> None:
    """Raise ApiError for the name of a model that Unity Catalog would refuse; what is no text is MLflow's to refuse."""
    if not isinstance(name, str):
        return
    parsed = FullName.parse(name)
    if str(parsed) != name:
        raise invalid(f"Invalid model name '{name}'. Catalog and schema are in lower case: {parsed}.")
    check_schema(workspace, parsed)


def check_source(workspace: Workspace, source: Any) -> None:
    """Raise ApiError for the address of a version whose files are not fixed: MLflow would call its copy READY."""
    if isinstance(source, str) and (found := workspace.registry.version_at(source)) is not None:
        check_whole(workspace, found, f"be the source of another: {source}")


def is_prompt(sent: dict[str, Any]) -> bool:
    """Say whether a request makes a prompt, which MLflow keeps among the models and Unity Catalog does not."""
    tags = sent.get("tags")
    return isinstance(tags, list) and any(
        isinstance(tag, dict) and tag.get("key") == _PROMPT and str(tag.get("value")).lower() == "true" for tag in tags
    )
