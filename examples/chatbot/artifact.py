"""How a version becomes an MLflow model: its chain, its index and the code they need, logged under the name `chain`."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version as installed
from pathlib import Path

import mlflow
from mlflow.models import ModelSignature
from mlflow.models.model import ModelInfo
from mlflow.models.resources import DatabricksVectorSearchIndex
from mlflow.types.schema import Array, ColSpec, DataType, Object, Property, Schema

import examples
from examples.chatbot.retrieval import Index
from examples.chatbot.vector_index import VARIABLE
from examples.chatbot.versions import Version

NAME = "chain"
INDEX = "index.json"
CODE = ("__init__.py", "chatbot/__init__.py", "chatbot/answering.py", "chatbot/passages.py", "chatbot/retrieval.py")
REMOTE_CODE = ("chatbot/vector_index.py", "chatbot/vectors.py")
"""What a version that reads an index of the workspace has beside that."""
REQUIREMENTS = [f"{name}=={installed(name)}" for name in ("mlflow", "langchain", "langchain-core", "pydantic")]

MESSAGE = Object([Property("content", DataType.string), Property("role", DataType.string)])
SIGNATURE = ModelSignature(
    inputs=Schema([ColSpec(Array(MESSAGE), "messages")]), outputs=Schema([ColSpec(DataType.string)])
)
INPUT_EXAMPLE = {"messages": [{"role": "user", "content": "How do I roll back to the previous version?"}]}


@contextmanager
def staged(version: Version, index: Index) -> Iterator[Path]:
    """Lay out, for as long as the context lasts, what a version is logged from, in the shape that the model will have.

    MLflow runs the chain while it logs it, and again wherever it is loaded: so it finds `code/` beside it both times.
    """
    source = Path(examples.__file__).parent
    with tempfile.TemporaryDirectory(prefix="chatbot-") as scratch:
        stage = Path(scratch)
        for name in CODE + (REMOTE_CODE if version.remote else ()):
            target = stage / "code" / "examples" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target)
        shutil.copyfile(source / "chatbot" / "chain.py", stage / "chain.py")
        index.save(stage / "code" / INDEX)
        yield stage


def log(version: Version, index: Index, remote: str | None = None) -> ModelInfo:
    """Log a version to the active run; one that reads an index of the workspace declares it, by its name `remote`."""
    carried = replace(index, postings={}, passages=()) if version.remote else index
    with staged(version, carried) as stage, _told(remote):
        code = stage / "code"
        files, place = [code / "examples"], str(code / INDEX)
        if version.carries_index:
            files, place = [*files, code / INDEX], INDEX
        config = {"index": place, "passages": version.passages, "cites": version.cites}
        return mlflow.langchain.log_model(
            lc_model=str(stage / "chain.py"),
            name=NAME,
            code_paths=[str(file) for file in files],
            model_config=config | ({"remote": True} if version.remote else {}),
            signature=SIGNATURE,
            input_example=INPUT_EXAMPLE,
            pip_requirements=REQUIREMENTS,
            resources=[DatabricksVectorSearchIndex(remote)] if remote else None,
        )


@contextmanager
def _told(remote: str | None) -> Iterator[None]:
    """Let the chain, which MLflow runs while it logs it, find the name of its index as it does where it is served."""
    before = os.environ.get(VARIABLE)
    if remote:
        os.environ[VARIABLE] = remote
    try:
        yield
    finally:
        if remote:
            os.environ.pop(VARIABLE)
            os.environ.update({VARIABLE: before} if before else {})
