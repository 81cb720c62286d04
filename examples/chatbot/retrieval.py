"""How a question finds its passages: features of text, and an index of their weights.

This module travels with every logged model and imports the standard library alone. scikit-learn computes the weights
once, in training (`indexing.py`); to import it again in each model server would add seconds to every rollout and
rollback, and the search needs nothing of it but those numbers.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from examples.chatbot.passages import Passage

_FREQUENT = (
    "a about above after again all also am an and any are as at be because been before being below between both but by"
    " can could did do does doing down during each few for from further get had has have having he her here him his how"
    " i if in into is it its itself just let may me more most my no nor not now of off on once only or other our out"
    " over own same she should so some such than that the their them then there these they this those through to too"
    " under until up us very was we were what when where which while who whom why will with would you your"
)
STOP_WORDS = frozenset(_FREQUENT.split())

SUFFIXES = (("ies", "y"), ("sses", "ss"), ("ation", "at"), *((s, "") for s in ("ing", "ed", "ly", "ment", "es", "s")))
SHORTEST_STEM = 3


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """Which features a text is reduced to."""

    split_names: bool = False
    """Read `warmVersions` and `DEPLOYMENT_READY` as the words they are made of."""
    stop_words: bool = False
    """Leave out words that every text has."""
    stems: bool = False
    """Take `rolled`, `rolls` and `rolling` for one word."""
    pairs: bool = False
    """Add each two words that stand next to each other."""

    def features(self, text: str) -> list[str]:
        """Return the features of `text` in the order in which they stand."""
        words = _names(text) if self.split_names else re.findall(r"\w\w+", text.lower())
        if self.stop_words:
            words = [word for word in words if word not in STOP_WORDS]
        if self.stems:
            words = [stem(word) for word in words]
        return words + [" ".join(pair) for pair in pairwise(words)] * self.pairs


@dataclass(frozen=True, kw_only=True)
class Index:
    """The passages of one model version, and the weight of each feature in each of them."""

    analysis: Analysis
    sublinear: bool
    """Count a feature that occurs n times 1 + log n times."""
    rarity: Mapping[str, float]
    """By feature; what the whole collection lacks is no key."""
    postings: Mapping[str, list[tuple[int, float]]]
    """By feature: the passages that have it, by their place, and its weight there."""
    passages: tuple[Passage, ...] = field(repr=False)

    def search(self, question: str) -> list[tuple[Passage, float]]:
        """Return the passages that share a feature with `question`, best first, and the cosine of each (0 to 1)."""
        scores: defaultdict[int, float] = defaultdict(float)
        for feature, weight in self.weights(question).items():
            for place, share in self.postings[feature]:
                scores[place] += weight * share
        # Rounded, so that rounding errors do not order passages that match equally well.
        ranked = sorted(scores.items(), key=lambda item: (-round(item[1], 9), item[0]))
        return [(self.passages[place], score) for place, score in ranked]

    def weights(self, question: str) -> dict[str, float]:
        """Weigh the features of a question; together they have the length one, or there is none."""
        counts = Counter(f for f in self.analysis.features(question) if f in self.rarity)
        scale = (lambda n: 1 + math.log(n)) if self.sublinear else float
        weights = {feature: scale(count) * self.rarity[feature] for feature, count in counts.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {feature: weight / norm for feature, weight in weights.items()}

    def save(self, path: Path) -> None:
        """Write the index as JSON."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Index:
        """Read what `save` wrote; raises FileNotFoundError with what to do about it."""
        if not path.is_file():
            raise FileNotFoundError(
                f"the retrieval index {path} does not exist here: log it with the model"
                " instead of naming a path of the machine that trained it"
            )
        content: dict[str, Any] = json.loads(path.read_text())
        content["analysis"] = Analysis(**content["analysis"])
        content["passages"] = tuple(Passage(**passage) for passage in content["passages"])
        return cls(**content)


def stem(word: str) -> str:
    """Cut off an English inflection, crudely: the result is a key to compare by, not a word."""
    for suffix, replacement in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            word = word.removesuffix(suffix) + replacement
            break
    if len(word) > SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > SHORTEST_STEM else word


def _names(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower())
