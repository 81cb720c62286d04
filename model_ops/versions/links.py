"""Where a person sees a version, a run or an experiment in the workspace's web pages."""

from __future__ import annotations

from urllib.parse import quote

from model_ops.loopback import is_loopback


def version_page(workspace_url: str, model: str, number: int) -> str:
    """The page of a version: in Databricks' Catalog Explorer, or in the sandbox's MLflow."""
    if is_loopback(workspace_url):
        return f"{workspace_url}/#/models/{quote(model)}/versions/{number}"
    return f"{workspace_url}/explore/data/models/{model.replace('.', '/')}/version/{number}"


def run_page(workspace_url: str, experiment_id: str, run_id: str) -> str:
    """The page of a run."""
    return f"{experiment_page(workspace_url, experiment_id)}/runs/{run_id}"


def experiment_page(workspace_url: str, experiment_id: str) -> str:
    """The page of an experiment."""
    return f"{workspace_url}/{'#' if is_loopback(workspace_url) else 'ml'}/experiments/{experiment_id}"
