"""A model version's files: which directory of the artifact store they are in, and whether they can be served."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sandbox.workspace.api.errors import ApiError, invalid
from sandbox.workspace.registry import mlmodel


def directory(artifacts: Path, uri: str) -> Path:
    """Give the directory of an MLflow model in the artifact store; raises ApiError when `uri` names anything else."""
    found = located(artifacts, uri)
    if not (found / "MLmodel").is_file():
        raise _foreign(uri)
    return found


def located(artifacts: Path, uri: str) -> Path:
    """Give the place in the artifact store that `uri` names, there or not; raises ApiError for any other."""
    parts = urlsplit(uri)
    root = artifacts.resolve()
    if parts.scheme == "mlflow-artifacts" and not parts.netloc:
        path = root / unquote(parts.path).lstrip("/")
    elif parts.scheme == "file" and parts.netloc in {"", "localhost"}:
        path = Path(unquote(parts.path))
    elif not parts.scheme:
        path = Path(uri)
    else:
        raise invalid(f"The model's source {uri} is not in this workspace's artifact store.")
    # Resolved, so that neither `..` nor a symbolic link leads outside.
    found = path.resolve()
    if not found.is_relative_to(root):
        raise _foreign(uri)
    return found


def _foreign(uri: str) -> ApiError:
    return invalid(f"The model's source {uri} is not an MLflow model in this workspace's artifact store.")


def check_signature(model_dir: Path, label: str, deed: str = "served") -> None:
    """Require a signature with inputs and outputs, as Unity Catalog does; raises ApiError naming `label`."""
    signature = _metadata(model_dir, label).get("signature")
    signature = signature if isinstance(signature, dict) else {}
    lacking = [side for side in ("inputs", "outputs") if not _columns(signature.get(side))]
    if lacking:
        raise invalid(
            f"Model version {label} cannot be {deed}: its signature has no {' and no '.join(lacking)}. Log the model "
            "again with signature=mlflow.models.infer_signature(inputs, outputs) and register it as a new version."
        )


def _metadata(model_dir: Path, label: str) -> dict[str, Any]:
    try:
        return mlmodel.read(model_dir / "MLmodel")
    except ValueError as error:
        raise invalid(f"The MLmodel file of {label} cannot be read: {error}.") from error


def _columns(text: Any) -> bool:
    try:
        return bool(json.loads(text)) if isinstance(text, str) else False
    except (ValueError, RecursionError):
        return False
