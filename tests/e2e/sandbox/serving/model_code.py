"""A model whose answers say which version gave them; its inputs may ask it to wait or to tell its environment.

It loads once the file that WAIT_FOR names is there.
"""

import os
import subprocess
import time
from pathlib import Path

from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


def hold():
    Path("held").touch()
    while not Path("go").exists():
        time.sleep(0.02)


class Versioned(PythonModel):
    def load_context(self, context):
        self.version = context.model_config["version"]
        if context.model_config.get("fails"):
            raise FileNotFoundError("no index at\n/nowhere")
        if context.model_config.get("spawns"):
            self.child = subprocess.Popen(["sleep", "600"])
        while (gate := os.environ.get("WAIT_FOR")) and not Path(gate).exists():
            time.sleep(0.02)

    def predict(self, context, model_input, params=None):
        question = model_input["question"][0]
        if question == "hold":
            hold()
        if question == "environment":
            return [dict(os.environ) | {"cwd": str(Path.cwd())}]
        return [self.version]


set_model(Versioned())
