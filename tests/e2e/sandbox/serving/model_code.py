"""A model whose answers say which version gave them; its inputs may ask it to wait, to compute, or to tell of itself.

It loads once the file that WAIT_FOR names is there.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy
import pandas
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


def hold():
    Path("held").touch()
    while not Path("go").exists():
        time.sleep(0.02)


def computed():
    """What takes the threads of OpenBLAS and OpenMP, and PyArrow's memory."""
    from sklearn.cluster import KMeans
    from sklearn.ensemble import HistGradientBoostingRegressor

    points = numpy.random.default_rng(1).normal(size=(600, 600))
    inverse = numpy.linalg.inv(points) @ points
    clusters = KMeans(3, n_init=1, random_state=1).fit_predict(points)
    trees = HistGradientBoostingRegressor(max_iter=2).fit(points[:, :5], clusters)
    frame = pandas.DataFrame({"cluster": clusters, "text": pandas.array(["a"] * 600, dtype="string[pyarrow]")})
    counted = frame.groupby("cluster").text.count().sum()
    return [round(float(inverse.trace()), 3), int(counted), len(trees.predict(points[:, :5]))]


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
        if question == "process":
            main = sys.modules["__main__"]
            umask = os.umask(0o022)
            os.umask(umask)
            return [{"argv": sys.argv, "main": main.__spec__.name, "umask": umask, "flags": str(sys.flags)}]
        if question == "random":
            return [[random.random(), float(numpy.random.random())]]
        if question == "compute":
            return [computed()]
        return [self.version]


set_model(Versioned())
