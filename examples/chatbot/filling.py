"""Training: what a version reads from an index of vector search is written there, by Databricks' SDK."""

from __future__ import annotations

import json
from dataclasses import asdict

from databricks.sdk import WorkspaceClient

from examples.chatbot import vectors
from examples.chatbot.retrieval import Index

AT_ONCE = 100
"""Passages in one request."""


def fill(name: str, index: Index) -> None:
    """Write the passages with their vectors to the index `name`; raises DatabricksError."""
    pairs = zip(index.passages, vectors.of_passages(index), strict=True)
    rows = [{**asdict(passage), "vector": vector} for passage, vector in pairs]
    indexes = WorkspaceClient().vector_search_indexes
    for start in range(0, len(rows), AT_ONCE):
        indexes.upsert_data_vector_index(name, json.dumps(rows[start : start + AT_ONCE]))
