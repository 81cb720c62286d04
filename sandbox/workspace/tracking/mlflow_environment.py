"""The environment of MLflow's server, which it reads when it is imported."""

from __future__ import annotations

import os
import uuid
import warnings

from sandbox.home import Home

ARTIFACT_ROOT = "mlflow-artifacts:/"


def prepare(home: Home) -> None:
    """Set what `mlflow server` sets for its workers; before anything of MLflow is imported."""
    warnings.filterwarnings("ignore", message="starlette.middleware.wsgi is deprecated")
    database = database_uri(home)
    os.environ |= {
        "_MLFLOW_SERVER_FILE_STORE": database,
        "_MLFLOW_SERVER_REGISTRY_STORE": database,
        "_MLFLOW_SERVER_ARTIFACT_ROOT": ARTIFACT_ROOT,
        "_MLFLOW_SERVER_ARTIFACT_DESTINATION": str(home.artifacts.absolute()),
        "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
        "_MLFLOW_SERVER_BOOT_ID": uuid.uuid4().hex,
        "_MLFLOW_IN_JOB_EXECUTOR": "false",
        "_MLFLOW_SGI_NAME": "uvicorn",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ENABLE_WORKSPACES": "false",
    }
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI", "MLFLOW_TRACKING_TOKEN", "MLFLOW_STATIC_PREFIX"):
        os.environ.pop(name, None)


def database_uri(home: Home) -> str:
    """Name MLflow's database as its stores take it."""
    return f"sqlite:///{home.mlflow_database.absolute()}"
