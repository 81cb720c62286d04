"""The chatbot as MLflow stores and runs it (models from code): question, search, answer.

MLflow runs this file twice: when a version is logged, and in every process that loads it. Both times the files that
it opens lie in `code/`, beside it (`artifact.py`).
"""

import importlib
import os
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableLambda
from mlflow.models import ModelConfig, set_model
from pydantic import BaseModel

from examples.chatbot import answering
from examples.chatbot.passages import Passage
from examples.chatbot.retrieval import Index

# MLflow imports it with the first request that it answers: better to be ready a second later than to answer so late.
importlib.import_module("langchain.agents")

CONFIG = ModelConfig().to_dict()
INDEX = Index.load(Path(__file__).parent / "code" / CONFIG["index"])
REMOTE = None
if CONFIG.get("remote"):
    # Only a version that reads an index of the workspace has these; without its variables it does not load.
    vectors = importlib.import_module("examples.chatbot.vectors")
    REMOTE = importlib.import_module("examples.chatbot.vector_index").VectorIndex.from_environment(os.environ)


class Conversation(BaseModel):
    """The request, for LangChain's schema: MLflow passes `messages` on, and a string back, where the chain has it."""

    messages: list[Any]


def question(request: Conversation) -> str:
    """Pick the question out of the conversation."""
    return answering.question(request)


def search(text: str) -> list[Passage]:
    """Find the best passages, as many as this version returns."""
    if REMOTE is not None:
        found: list[Passage] = REMOTE.nearest(vectors.of_question(INDEX, text), CONFIG["passages"])
        return found
    return [passage for passage, _ in INDEX.search(text)[: CONFIG["passages"]]]


def answer(found: list[Passage]) -> str:
    """Say what the passages say."""
    return answering.answer(found, cites=CONFIG["cites"])


set_model(RunnableLambda(question) | RunnableLambda(search) | RunnableLambda(answer))
