"""A model that loads at once, or not, or never ends loading."""

import os
import threading

from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


class Fickle(PythonModel):
    def load_context(self, context):
        if context.model_config["loads"] == "not":
            place = f" for {os.environ['INDEX_KEY']}" if "INDEX_KEY" in os.environ else ""
            raise FileNotFoundError(f"the index was never built{place}")
        if context.model_config["loads"] == "never":
            threading.Event().wait()

    def predict(self, context, model_input, params=None):
        return [str(context.model_config["version"])] * len(model_input)


set_model(Fickle())
