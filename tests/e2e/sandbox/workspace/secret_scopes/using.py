"""A model for the tests: it uses the variable TOKEN, and tells of it only by a digest, or by mistake."""

import hashlib
import os
import sys
from typing import Any

import mlflow
from mlflow.pyfunc import PythonModel


class Using(PythonModel):
    def load_context(self, context: Any) -> None:
        token = os.environ["TOKEN"]
        sys.stderr.write(f"begins with {token}\n")
        if context.model_config["answer"] == "careless":
            raise RuntimeError(f"nobody takes {token} here")

    # Without type hints, which MLflow would take for a schema.
    def predict(self, context, model_input, params=None):
        return [hashlib.sha256(os.environ["TOKEN"].encode()).hexdigest()] * len(model_input)


mlflow.models.set_model(Using())
