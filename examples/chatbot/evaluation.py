"""How good a version is: hit rate, mean reciprocal rank and latency over a fixed set of questions.

The set is split once and for all, by file: choices are made on the *tuning* half, and the figures that anyone quotes
are those of the *report* half.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from examples.chatbot.retrieval import Index

Half = Literal["tuning", "report"]
HALVES: tuple[Half, ...] = get_args(Half)
QUESTIONS = Path(__file__).with_name("questions")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What somebody asks, and the ids of the passages that answer it."""

    question: str
    passages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The figures of one version on one half; all but the latency are the same at every measurement."""

    hit_rate_at_1: float
    hit_rate_at_3: float
    mean_reciprocal_rank: float
    answer_hit_rate: float
    """The share of the answers that contain a right passage: the hit rate at as many as the version returns."""
    latency_p50_ms: float


def questions(half: Half) -> tuple[Question, ...]:
    """Read one half of the question set."""
    rows = (json.loads(line) for line in (QUESTIONS / f"{half}.jsonl").read_text().splitlines())
    return tuple(Question(question=row["question"], passages=tuple(row["passages"])) for row in rows)


def evaluate(
    index: Index, asked: Iterable[Question], *, returned: int, clock: Callable[[], float] = time.perf_counter
) -> Evaluation:
    """Ask `index` every question; `returned` is how many passages the version answers with."""
    ranks, seconds = [], []
    for item in asked:
        start = clock()
        found = [passage.id for passage, _ in index.search(item.question)]
        seconds.append(clock() - start)
        ranks.append(rank(found, item.passages))
    return Evaluation(
        hit_rate_at_1=hit_rate(ranks, 1),
        hit_rate_at_3=hit_rate(ranks, 3),
        mean_reciprocal_rank=mean_reciprocal_rank(ranks),
        answer_hit_rate=hit_rate(ranks, returned),
        latency_p50_ms=1000 * statistics.median(seconds),
    )


def rank(found: Sequence[str], right: Sequence[str]) -> int | None:
    """Return the place (1 is the first) of the first right passage among those found; None if there is none."""
    return next((place for place, passage in enumerate(found, start=1) if passage in right), None)


def hit_rate(ranks: Sequence[int | None], k: int) -> float:
    """Return the share of questions with a right passage among the first `k`."""
    return sum(place is not None and place <= k for place in ranks) / len(ranks)


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """Return the mean of 1 / rank; a right passage that is not found counts 0."""
    return sum(1 / place if place else 0.0 for place in ranks) / len(ranks)
