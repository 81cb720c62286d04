"""How a version becomes an MLflow model: its chain, its index and the code they need, logged under the name `chain`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version as installed
from pathlib import Path

import mlflow
from mlflow.models import ModelSignature
from mlflow.models.model import ModelInfo
from mlflow.types.schema import Array, ColSpec, DataType, Object, Property, Schema

import examples
from examples.chatbot.retrieval import Index
from examples.chatbot.versions import Version

NAME = "chain"
INDEX = "index.json"
CODE = ("__init__.py", "chatbot/__init__.py", "chatbot/answering.py", "chatbot/passages.py", "chatbot/retrieval.py")
REQUIREMENTS = [f"{name}=={installed(name)}" for name in ("mlflow", "langchain", "langchain-core", "pydantic")]

MESSAGE = Object([Property("content", DataType.string), Property("role", DataType.string)])
SIGNATURE = ModelSignature(
    inputs=Schema([ColSpec(Array(MESSAGE), "messages")]), outputs=Schema([ColSpec(DataType.string)])
)
INPUT_EXAMPLE = {"messages": [{"role": "user", "content": "How do I roll back to the previous version?"}]}


@contextmanager
def staged(index: Index) -> Iterator[Path]:
    """Lay out, for as long as the context lasts, what a version is logged from, in the shape that the model will have.

    MLflow runs the chain while it logs it, and again wherever it is loaded: so it finds `code/` beside it both times.
    """
    source = Path(examples.__file__).parent
    with tempfile.TemporaryDirectory(prefix="chatbot-") as scratch:
        stage = Path(scratch)
        for name in CODE:
            target = stage / "code" / "examples" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target)
        shutil.copyfile(source / "chatbot" / "chain.py", stage / "chain.py")
        index.save(stage / "code" / INDEX)
        yield stage


def log(version: Version, index: Index) -> ModelInfo:
    """Log a version to the active run."""
    with staged(index) as stage:
        code = stage / "code"
        files, place = [code / "examples"], str(code / INDEX)
        if version.carries_index:
            files, place = [*files, code / INDEX], INDEX
        return mlflow.langchain.log_model(
            lc_model=str(stage / "chain.py"),
            name=NAME,
            code_paths=[str(file) for file in files],
            model_config={"index": place, "passages": version.passages, "cites": version.cites},
            signature=SIGNATURE,
            input_example=INPUT_EXAMPLE,
            pip_requirements=REQUIREMENTS,
        )
