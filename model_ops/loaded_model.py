"""A model loaded into this process with MLflow's PyFunc, by its run or by its version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_ops.columns import Column, columns
from model_ops.errors import ModelError
from model_ops.mlflow_errors import explained, first_line


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The columns that a model takes and gives; empty where its MLmodel says nothing."""

    inputs: tuple[Column, ...] = ()
    outputs: tuple[Column, ...] = ()

    @classmethod
    def of(cls, signature: Any) -> Signature:
        """Read MLflow's own `ModelSignature`, or None."""
        schemas = {side: getattr(signature, side, None) for side in ("inputs", "outputs")}
        return cls(**{side: columns(schema.to_dict() if schema else None) for side, schema in schemas.items()})


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A model that answers in this process; `pyfunc` is MLflow's own `PyFuncModel`."""

    model_uri: str
    pyfunc: Any
    signature: Signature

    def predict(self, data: Any) -> Any:
        """Answer a DataFrame, or what else `PyFuncModel.predict` takes; raises ModelError.

        Text where the signature wants messages is refused with what to pass instead.
        """
        for column in self.signature.inputs:
            _refuse_text(data, column)
        try:
            return self.pyfunc.predict(data)
        except Exception as error:  # a model is code of somebody else's, which may raise anything
            raise ModelError(
                f"{self.model_uri} does not answer: {first_line(error)}\nCompare what it is asked with its signature."
            ) from error


def load_model(model_uri: str, folder: Path | None = None) -> LoadedModel:
    """Load `runs:/<run id>/chain`, `models:/<catalog>.<schema>.<model>/7` or `models:/…@alias`.

    Its files are kept in `folder`, else where MLflow puts them. Raises ModelError and WorkspaceError.
    """
    import mlflow  # noqa: PLC0415 - it takes seconds

    with explained(model_uri):
        refuse_gone(model_uri)
        place = None if folder is None else str(folder)
        pyfunc = mlflow.pyfunc.load_model(model_uri, suppress_warnings=True, dst_path=place)
    return LoadedModel(model_uri=model_uri, pyfunc=pyfunc, signature=Signature.of(pyfunc.metadata.signature))


def refuse_gone(model_uri: str) -> None:
    """Raise ModelError where MLflow would load a deleted run's model, or look for files of a version that is not there.

    Unity Catalog's client asks for a version's files before it asks for the version, and fails with their names.
    """
    import mlflow  # noqa: PLC0415 - as above

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


def _refuse_text(data: Any, column: Column) -> None:
    if not column.nested or not (hasattr(data, "columns") or isinstance(data, Mapping)) or column.name not in data:
        return
    values = data[column.name]
    for value in [values] if isinstance(values, str) else values:
        if isinstance(value, str) and column.type["type"] in {"array", "object", "map"}:
            raise ModelError(f"Column {column.name}: {column.explain(value)}")
