"""The one place that points MLflow at a workspace, and lets go of it again."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from model_ops import user_agent
from model_ops.loopback import is_loopback, unproxied
from model_ops.workspace.credentials import environment_hidden
from model_ops.workspace.reach import reach

QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    "MLFLOW_PRINT_MODEL_URLS_ON_CREATION": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
BOUNDS = {
    "MLFLOW_DATABRICKS_ENDPOINT_HTTP_RETRY_TIMEOUT": "20",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "60",
}
STORES = (
    ("mlflow.tracking._tracking_service.registry", "TrackingStoreRegistry._get_store_with_resolved_uri"),
    ("mlflow.tracking._model_registry.registry", "ModelRegistryStoreRegistry._get_store_with_resolved_uri"),
    ("mlflow.store.tracking.rest_store", "RestStore._get_server_version"),
    ("mlflow.utils.rest_utils", "get_workspace_client"),
)
"""What MLflow caches of a workspace, by module: `databricks` means another one in the next session."""


@contextmanager
def signed_in(url: str, token: str | None, profile: str | None = None) -> Iterator[None]:
    """Let MLflow speak with the workspace at `url`, Unity Catalog's registry included, for as long as it lasts.

    Without a token, the SDK finds its credentials, with `profile` in ~/.databrickscfg. All that was set before is
    set again after. Raises WorkspaceError where nothing answers at `url`.
    """
    reach(url)
    user_agent.introduce()
    before, level = dict(os.environ), logging.getLogger("mlflow").level
    logging.getLogger("mlflow").setLevel(logging.ERROR)  # where it is loaded, its variable comes too late
    try:
        with _forgotten(), environment_hidden() if profile or token else nullcontext():
            os.environ.update(_variables(url, token, profile))
            yield
    finally:
        logging.getLogger("mlflow").setLevel(level)
        _restore(before)


def _variables(url: str, token: str | None, profile: str | None) -> dict[str, str]:
    of_profile = f"://{profile}" if profile else ""
    return {
        **QUIET,
        **BOUNDS,
        "MLFLOW_TRACKING_URI": f"databricks{of_profile}",
        "MLFLOW_REGISTRY_URI": f"databricks-uc{of_profile}",
        **({"DATABRICKS_CONFIG_PROFILE": profile} if profile else {"DATABRICKS_HOST": url}),
        **({} if token is None or profile else {"DATABRICKS_TOKEN": token, "DATABRICKS_AUTH_TYPE": "pat"}),
        **(unproxied(os.environ) if is_loopback(url) else {}),
    }


@contextmanager
def _forgotten() -> Iterator[None]:
    """Have MLflow read the environment anew, now and at the end, and know again then what it was told in code."""
    tracking, registry = _told()
    _tell(None, None)
    try:
        yield
    finally:
        _tell(tracking, registry)


def _told() -> tuple[str | None, str | None]:
    """What `set_tracking_uri` and `set_registry_uri` were told; only MLflow's private state tells it from a default."""
    tracking = sys.modules.get("mlflow.tracking._tracking_service.utils")
    registry = sys.modules.get("mlflow.tracking._model_registry.utils")
    return getattr(tracking, "_tracking_uri", None), getattr(registry, "_registry_uri", None)


def _tell(tracking: str | None, registry: str | None) -> None:
    if mlflow := sys.modules.get("mlflow"):
        mlflow.set_tracking_uri(tracking)
        mlflow.set_registry_uri(registry)
        mlflow.clear_active_model()  # loading a model makes it the one that traces and metrics are of
    for module, name in STORES:
        cached: Any = sys.modules.get(module)
        for part in name.split("."):
            cached = getattr(cached, part, None)
        if cached is not None:
            cached.cache_clear()


def _restore(before: Mapping[str, str]) -> None:
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
