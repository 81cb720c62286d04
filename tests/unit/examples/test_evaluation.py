import pytest

from examples.chatbot import evaluation
from examples.chatbot.evaluation import Question
from examples.chatbot.passages import Passage
from examples.chatbot.versions import VERSIONS

RANKS = [1, 2, None, 4]


def test_the_rank_is_the_place_of_the_first_right_passage():
    assert evaluation.rank(["a", "b", "c"], ["c", "b"]) == 2
    assert evaluation.rank(["a"], ["b"]) is None
    assert evaluation.rank([], ["b"]) is None


@pytest.mark.parametrize(("k", "expected"), [(1, 0.25), (2, 0.5), (3, 0.5), (4, 0.75)])
def test_the_hit_rate_counts_right_passages_among_the_first(k, expected):
    assert evaluation.hit_rate(RANKS, k) == expected


def test_the_mean_reciprocal_rank_counts_what_is_not_found_as_nothing():
    assert evaluation.mean_reciprocal_rank(RANKS) == pytest.approx((1 + 1 / 2 + 0 + 1 / 4) / 4)


def test_an_evaluation_asks_every_question_and_times_each(indexing):
    passages = [Passage(id=name, topic="", title="", text=name) for name in ("router", "grants")]
    asked = [Question(question=f"which {name}?", passages=(name,)) for name in ("router", "grants", "drift")]
    ticks = iter([0.0, 0.001, 1.0, 1.002, 2.0, 2.009])
    index = indexing.fit(VERSIONS[2], passages)
    result = evaluation.evaluate(index, asked, returned=1, clock=lambda: next(ticks))
    assert result.hit_rate_at_1 == result.answer_hit_rate == result.mean_reciprocal_rank == pytest.approx(2 / 3)
    assert result.latency_p50_ms == pytest.approx(2.0)
