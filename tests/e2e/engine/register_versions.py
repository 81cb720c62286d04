"""Registers the versions that the tests serve: `register_versions.py MODEL`; its own process, for MLflow warns a lot.

Versions 1 and 2 load, 3 does not, 4 never ends loading. They take messages, as the chatbot does, and need nothing of
what that is made of: its servers start in half the time.
"""

import sys
from pathlib import Path

import mlflow
from mlflow.models import infer_signature

name = sys.argv[1]
mlflow.set_experiment(f"/Shared/{name}")
for version, loads in enumerate(("at once", "at once", "not", "never"), start=1):
    with mlflow.start_run():
        mlflow.pyfunc.log_model(
            name="model",
            python_model=str(Path(__file__).with_name("model_code.py")),
            model_config={"version": version, "loads": loads},
            registered_model_name=name,
            signature=infer_signature([{"messages": [{"role": "user", "content": "?"}]}], ["answer"]),
            pip_requirements=["mlflow"],
        )
