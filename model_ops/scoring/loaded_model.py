"""A model loaded into this process with MLflow's PyFunc, by its run or by its version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_ops import extras
from model_ops.errors import ModelError
from model_ops.signatures import Signature
from model_ops.signatures.conformance import explain_column
from model_ops.signatures.field_type import Array, Field, Map, Object
from model_ops.workspace.mlflow_errors import explained, first_line


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A model that answers in this process; `pyfunc` is MLflow's own `PyFuncModel`."""

    model_uri: str
    pyfunc: Any
    signature: Signature
    """Empty where its MLmodel says nothing."""

    def predict(self, data: Any) -> Any:
        """Answer a DataFrame, or what else `PyFuncModel.predict` takes; raises ModelError.

        Text where the signature wants messages is refused with what to pass instead.
        """
        for field in self.signature.input_fields:
            _refuse_text(data, field)
        try:
            return self.pyfunc.predict(data)
        except Exception as error:  # a model is code of somebody else's, which may raise anything
            raise ModelError(
                f"{self.model_uri} does not answer: {first_line(error)}\nCompare what it is asked with its signature."
            ) from error


def load_model(model_uri: str, folder: Path | None = None) -> LoadedModel:
    """Load `runs:/<run id>/chain`, `models:/<catalog>.<schema>.<model>/7` or `models:/…@alias`.

    Its files are kept in `folder`, else where MLflow puts them. Raises ModelError, WorkspaceError and ExtraError.
    """
    extras.require("scoring", "Loading a model")
    import mlflow

    if not mlflow.is_tracking_uri_set():
        raise ModelError(
            f"{model_uri} cannot be looked up: MLflow is pointed at no workspace.\n"
            "Sign in around it: with signed_in(stack.workspace.url, stack.workspace.token, stack.workspace.profile): …"
        )
    with explained(model_uri):
        refuse_gone(model_uri)
        place = None if folder is None else str(folder)
        pyfunc = mlflow.pyfunc.load_model(model_uri, suppress_warnings=True, dst_path=place)
    return LoadedModel(model_uri=model_uri, pyfunc=pyfunc, signature=read_signature(pyfunc.metadata))


def read_signature(model: Any) -> Signature:
    """Read the signature of MLflow's own `Model` or `ModelInfo`; the empty one where it has none."""
    return Signature.from_mlmodel(model.signature.to_dict() if model.signature else None) or Signature()


def refuse_gone(model_uri: str) -> None:
    """Raise ModelError where MLflow would load a deleted run's model, or look for files of a version that is not there.

    Unity Catalog's client asks for a version's files before it asks for the version, and fails with their names.
    """
    import mlflow

    kind, _, name = model_uri.partition(":/")
    first, _, last = name.partition("/")
    if kind == "runs" and mlflow.MlflowClient().get_run(first).info.lifecycle_stage == "deleted":
        raise ModelError(
            f"Run {first} is deleted: expected one that is there, or its model may vanish while it is used.\n"
            f"Restore it (mlflow runs restore --run-id {first}), or name another run."
        )
    if kind == "models" and last.isdecimal():
        status = mlflow.MlflowClient().get_model_version(first, last).status
        if status != "READY":
            raise ModelError(f"{model_uri} is {status}: expected READY. Wait for it, or register it again.")


def _refuse_text(data: Any, field: Field) -> None:
    if not isinstance(field.type, Array | Map | Object) or not (hasattr(data, "columns") or isinstance(data, Mapping)):
        return
    values = data.get(field.name, ())
    for value in [values] if isinstance(values, str) else values:
        if isinstance(value, str):
            raise ModelError(explain_column(str(field.name), field, value))
