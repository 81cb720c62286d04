"""Vectors of passages and questions: the nearest are those that the search finds."""

from __future__ import annotations

import math
from dataclasses import replace
from types import ModuleType

import pytest

from examples.chatbot import evaluation, passages, vectors
from examples.chatbot.retrieval import Index
from examples.chatbot.vector_index import APART, VARIABLES, VectorIndex
from examples.chatbot.versions import VERSIONS


@pytest.fixture(scope="module")
def index(indexing: ModuleType) -> Index:
    fitted: Index = indexing.fit(VERSIONS[8], passages.read())
    return fitted


def test_all_vectors_are_of_one_length_in_both_senses(index: Index) -> None:
    made = [*vectors.of_passages(index), vectors.of_question(index, "How do I roll back?")]
    assert {len(vector) for vector in made} == {vectors.DIMENSION}
    assert all(math.isclose(math.hypot(*vector), 1) for vector in made)


def test_the_nearest_by_distance_are_those_that_the_search_finds(index: Index) -> None:
    places = vectors.of_passages(index)
    for asked in evaluation.questions("report")[:20]:
        vector = vectors.of_question(index, asked.question)
        scores = [1 / (1 + math.dist(vector, place) ** 2) for place in places]
        found = {passage.id: score for passage, score in index.search(asked.question)}
        near = sum(score > APART for score in scores)
        assert near == sum(score > 1e-5 for score in found.values())
        best = max(range(len(scores)), key=lambda place: round(scores[place], 9))
        assert math.isclose(found[index.passages[best].id], max(found.values()), abs_tol=1e-8)


def test_a_question_of_which_nothing_is_known_asks_no_index(index: Index) -> None:
    vector = vectors.of_question(index, "zzz")
    assert not any(vector)
    assert VectorIndex(name="a.b.c", host="http://127.0.0.1:1", token="t").nearest(vector, 2) == []


def test_more_features_than_the_index_has_room_for_are_refused(index: Index) -> None:
    wide = replace(index, rarity={str(number): 1.0 for number in range(vectors.DIMENSION + 1)})
    with pytest.raises(ValueError, match="1025 features, and the index takes 1024"):
        vectors.of_question(wide, "1")


@pytest.mark.parametrize("unset", VARIABLES)
def test_what_is_not_set_is_named_with_where_to_set_it_and_no_value_is(unset: str) -> None:
    environment = {name: "value" for name in VARIABLES if name != unset}
    with pytest.raises(KeyError, match=f"{unset}: not set") as error:
        VectorIndex.from_environment(environment)
    assert "{{secrets/<scope>/<key>}}" in str(error.value)
    assert "value" not in str(error.value)


def test_its_token_is_never_shown() -> None:
    assert "very-secret" not in repr(VectorIndex(name="a.b.c", host="http://x", token="very-secret"))
