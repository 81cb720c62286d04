"""MLflow's own server in this process; import it after `mlflow_environment.prepare`, whose settings it reads."""

from __future__ import annotations

from collections.abc import Mapping

from mlflow.server import app as flask
from mlflow.server.fastapi_app import app
from mlflow.server.handlers import _model_registry_store_registry, initialize_backend_stores

from sandbox.home import Home
from sandbox.workspace.registry.registry_store import RegistryStore
from sandbox.workspace.tracking import empty_database
from sandbox.workspace.tracking.mlflow_environment import ARTIFACT_ROOT, database_uri
from sandbox.workspace.tracking.mlflow_gate import Gate, Rule


def open_stores(home: Home) -> None:
    """Make or upgrade MLflow's database, readable by its owner alone."""
    database = database_uri(home)
    home.mlflow_database.touch(mode=0o600)
    empty_database.fill(home.mlflow_database)
    _model_registry_store_registry.register("sqlite", RegistryStore)
    initialize_backend_stores(database, database, ARTIFACT_ROOT)


def gated(rules: Mapping[str, Rule]) -> Gate:
    """Give MLflow's server behind the gate."""
    return Gate(app, flask.url_map, rules)
