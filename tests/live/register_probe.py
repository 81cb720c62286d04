"""Registers two versions of a model that answers with its own number: `register_probe.py MODEL`.

It runs where the storage lets it in: on this machine, or in a job of Databricks.
"""

from __future__ import annotations

import sys

import mlflow
from mlflow.models import infer_signature
from mlflow.pyfunc import PythonModel


class Probe(PythonModel):  # type: ignore[misc]  # MLflow ships no types for it
    """Says which version it is, whatever it is asked."""

    def __init__(self, version: int) -> None:
        self.version = version

    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]
        """Answer once for each row."""
        return [f"version {self.version}" for _ in range(len(model_input))]


def main() -> None:
    """Log and register both."""
    name = sys.argv[1]
    mlflow.set_experiment(f"/Shared/rollpin-live-{name.rpartition('.')[2]}")
    for version in (1, 2):
        with mlflow.start_run():
            mlflow.pyfunc.log_model(
                name="model",
                python_model=Probe(version),
                registered_model_name=name,
                signature=infer_signature([{"messages": [{"role": "user", "content": "?"}]}], ["answer"]),
                input_example=[{"messages": [{"role": "user", "content": "?"}]}],
                pip_requirements=[f"mlflow=={mlflow.__version__}"],
            )


if __name__ == "__main__":
    main()
