"""Saves the models that the tests serve: `save_models.py DIRECTORY`; a process of its own, for MLflow warns a lot."""

import sys
from pathlib import Path

import mlflow.pyfunc

CONFIGS = {"v1": {"version": 1, "spawns": True}, "v2": {"version": 2}, "failing": {"version": 3, "fails": True}}

for name, config in CONFIGS.items():
    mlflow.pyfunc.save_model(
        Path(sys.argv[1]) / name,
        python_model=str(Path(__file__).with_name("model_code.py")),
        model_config=config,
        pip_requirements=["mlflow"],
    )
