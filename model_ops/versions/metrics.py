"""Which of two values of a metric is better: known from the metric's name, or not at all."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["better", "worse", "same", "changed", "only in the first", "only in the second"]

LOWER = frozenset(
    {"loss", "error", "errors", "latency", "seconds", "ms", "mse", "rmse", "mae", "mape", "perplexity", "cost", "wer"}
)
HIGHER = frozenset(
    {"accuracy", "precision", "recall", "f1", "auc", "roc", "r2", "score", "hit", "reciprocal", "mrr", "ndcg", "bleu"}
    | {"rouge", "map", "relevance", "correctness", "groundedness", "similarity"}
)
"""Words of metric names, as MLflow's evaluators, scikit-learn and retrieval use them.

A name with words of both kinds, or of neither, says nothing.
"""


@dataclass(frozen=True, kw_only=True)
class MetricChange:
    """One metric in two versions; None where a version does not have it."""

    name: str
    first: float | None
    second: float | None

    @property
    def verdict(self) -> Verdict:
        """Say whether the second value is better, where the metric's name tells in which direction that is."""
        if self.first is None or self.second is None:
            return "only in the second" if self.first is None else "only in the first"
        if self.first == self.second:
            return "same"
        wanted = direction(self.name)
        if wanted is None or math.isnan(self.first) or math.isnan(self.second):
            return "changed"
        return "better" if (self.second > self.first) == (wanted == "higher") else "worse"


def direction(name: str) -> Literal["higher", "lower"] | None:
    """Say which values of a metric are better; None where its name does not tell."""
    words = set(re.split(r"[^a-z0-9]+", name.lower()))
    lower, higher = bool(words & LOWER), bool(words & HIGHER)
    if lower == higher:
        return None
    return "lower" if lower else "higher"
