"""Passages and questions as vectors of one length, so that an index of vector search can hold and compare them.

It travels with a version that reads such an index, and imports the standard library alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from examples.chatbot.retrieval import Index

DIMENSION = 1024
"""As the index is made; the documents have fewer features, and the rest of each vector is zero."""


def of_question(index: Index, question: str) -> list[float]:
    """Turn a question into a vector; all zero where no passage has any of its features."""
    return _dense(index, index.weights(question))


def of_passages(index: Index) -> list[list[float]]:
    """Turn the index's passages into vectors, in their order."""
    weights: list[dict[str, float]] = [{} for _ in index.passages]
    for feature, shares in index.postings.items():
        for place, share in shares:
            weights[place][feature] = share
    return [_dense(index, each) for each in weights]


def _dense(index: Index, weights: Mapping[str, float]) -> list[float]:
    if len(index.rarity) > DIMENSION:
        raise ValueError(f"the documents have {len(index.rarity)} features, and the index takes {DIMENSION} at most")
    return [weights.get(feature, 0.0) for feature in index.rarity] + [0.0] * (DIMENSION - len(index.rarity))
