"""Artifact addresses as MLflow's server writes them and as Databricks does: one place, two spellings."""

from __future__ import annotations

import re

MLFLOW = "mlflow-artifacts:/"
DATABRICKS = "dbfs:/databricks/mlflow-tracking/"
_SWAPPED = {"models": "logged_models", "logged_models": "models"}
_QUOTED = re.compile(rf"""(?<=['"]){re.escape(DATABRICKS)}[^'"]*""")


def speaks_databricks(user_agent: str) -> bool:
    """Say whether a caller expects Databricks' addresses: whoever comes through one of Databricks' SDKs.

    With the tracking address `databricks`, MLflow's client sends its requests through databricks-sdk, which
    replaces MLflow's own User-Agent. Plain MLflow clients and browsers never name the SDK.
    """
    return "databricks-sdk-" in user_agent


def to_databricks(address: str) -> str:
    """Spell an address of the artifact store as Databricks does; give any other back as it is."""
    if not address.startswith(MLFLOW) or address.startswith(f"{MLFLOW}/"):
        return address
    return DATABRICKS + swap(address.removeprefix(MLFLOW))


def to_mlflow(address: str) -> str:
    """Spell one of Databricks' addresses as MLflow's server does; give any other back as it is."""
    if not address.startswith(DATABRICKS) or address.startswith(f"{DATABRICKS}/"):
        return address
    return MLFLOW + swap(address.removeprefix(DATABRICKS))


def filter_to_mlflow(text: str) -> str:
    """Translate the addresses that are quoted in the filter of a search."""
    return _QUOTED.sub(lambda found: to_mlflow(found[0]), text)


def swap(path: str) -> str:
    """Translate a path below an experiment, either way: logged models are in directories of different names."""
    parts = path.split("/")
    if len(parts) > 1:
        parts[1] = _SWAPPED.get(parts[1], parts[1])
    return "/".join(parts)
