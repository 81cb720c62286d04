"""The versions of the chatbot: what each does differently from the one before it, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from examples.chatbot.retrieval import Analysis


@dataclass(frozen=True, kw_only=True)
class Version:
    """One set of choices, made on the tuning half of the questions."""

    number: int
    why: str
    analysis: Analysis = field(default_factory=Analysis)
    rarity: bool = False
    """Weigh features by how rare they are (TF-IDF) instead of counting them."""
    sublinear: bool = False
    headings: bool = False
    """Search the headings too, not only the text below them."""
    passages: int = 1
    """How many of the best passages make up an answer."""
    cites: bool = False
    """Name the section that each passage comes from."""
    carries_index: bool = True
    """Log the index with the model; otherwise the model names the path where training left it."""
    remote: bool = False
    """Read the passages from an index of vector search, which an environment variable names."""

    @property
    def parameters(self) -> dict[str, Any]:
        """The choices as a run logs them."""
        choices = asdict(self)
        del choices["why"]
        return {"version": choices.pop("number"), **choices.pop("analysis"), **choices}


V1 = Version(number=1, why="Counting shared words is the simplest search there is, and the mark to beat.")
V2 = replace(V1, number=2, rarity=True, why="Rare words say more about a passage than frequent ones.")
V3 = replace(
    V2,
    number=3,
    analysis=Analysis(stop_words=True, pairs=True),
    why="Questions are full of words like 'how do I', and terms like 'access connector' are two words.",
)
V4 = replace(
    V3,
    number=4,
    analysis=Analysis(stop_words=True),
    sublinear=True,
    why="A word said five times is not five times as relevant; with that, pairs of words only add noise.",
)
V5 = replace(
    V4,
    number=5,
    analysis=Analysis(stop_words=True, split_names=True),
    why="People write 'warm versions' where the documents say `warmVersions`.",
)
V6 = replace(V5, number=6, headings=True, passages=2, why="The heading often holds the very word that was asked for.")
V7 = replace(
    V6,
    number=7,
    analysis=Analysis(stop_words=True, split_names=True, stems=True),
    cites=True,
    why="People ask in other inflections than the documents use, and want to see where an answer comes from.",
)
V8 = replace(
    V7,
    number=8,
    remote=True,
    why="Documents change more often than the search: read from an index, they need no new version.",
)
V9 = replace(
    V7,
    number=9,
    carries_index=False,
    why="Reading the index from where training left it saves a copy; no model server has that path, so it cannot load.",
)

VERSIONS = {version.number: version for version in (V1, V2, V3, V4, V5, V6, V7, V8, V9)}
