"""A model for the tests: it answers with its number, and loads once the file that WAIT_FOR names is there."""

import os
import time
from pathlib import Path
from typing import Any

import mlflow
from mlflow.pyfunc import PythonModel


class Answering(PythonModel):
    def load_context(self, context: Any) -> None:
        self.answer = context.model_config["answer"]
        if self.answer == "broken":
            raise RuntimeError("no such index")
        while (gate := os.environ.get("WAIT_FOR")) and not Path(gate).exists():
            time.sleep(0.05)

    # Without type hints, which MLflow would take for a schema.
    def predict(self, context, model_input, params=None):
        return [self.answer] * len(model_input)


mlflow.models.set_model(Answering())
