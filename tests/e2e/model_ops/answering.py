"""A model that answers what it is asked."""

from typing import Any

import mlflow


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context: Any, model_input: Any, params: Any = None) -> list[str]:
        return [str(each) for each in model_input["question"]]


mlflow.models.set_model(Echo())
