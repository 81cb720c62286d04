"""Training: scikit-learn weighs the features of the documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer

from examples.chatbot.passages import Passage
from examples.chatbot.retrieval import Index
from examples.chatbot.versions import Version


def fit(version: Version, passages: Sequence[Passage]) -> Index:
    """Build the index that `version` searches."""
    vectorizer = vectorizer_of(version)
    matrix = vectorizer.fit_transform(searched(version, passages)).tocoo()
    features = vectorizer.get_feature_names_out().tolist()
    rarity = vectorizer.idf_.tolist() if version.rarity else [1.0] * len(features)
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, column, weight in zip(matrix.row.tolist(), matrix.col.tolist(), matrix.data.tolist(), strict=True):
        postings[features[column]].append((place, weight))
    return Index(
        analysis=version.analysis,
        sublinear=version.sublinear,
        rarity=dict(zip(features, rarity, strict=True)),
        postings=dict(postings),
        passages=tuple(passages),
    )


def vectorizer_of(version: Version) -> TfidfVectorizer:
    """Return the unfitted vectorizer with the choices of `version`."""
    return TfidfVectorizer(
        analyzer=version.analysis.features, use_idf=version.rarity, sublinear_tf=version.sublinear, norm="l2"
    )


def searched(version: Version, passages: Sequence[Passage]) -> list[str]:
    """Return the text of each passage that `version` looks at."""
    return [f"{passage.title}. {passage.text}" if version.headings else passage.text for passage in passages]
