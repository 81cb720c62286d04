from dataclasses import asdict
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from examples.chatbot import answering, evaluation, passages
from examples.chatbot.evaluation import Evaluation, Half
from examples.chatbot.versions import VERSIONS

LOADABLE = range(1, 9)


@cache
def measured(number: int, half: Half) -> Evaluation:
    from examples.chatbot import indexing

    version = VERSIONS[number]
    index = indexing.fit(version, passages.read())
    return evaluation.evaluate(index, evaluation.questions(half), returned=version.passages)


def answered(number: int, question: str) -> str:
    from examples.chatbot import indexing

    version = VERSIONS[number]
    found = indexing.fit(version, passages.read()).search(question)[: version.passages]
    return answering.answer([passage for passage, _ in found], cites=version.cites)


def test_each_version_differs_from_the_one_before_and_says_why():
    choices = [{**asdict(version), "number": 0, "why": ""} for version in VERSIONS.values()]
    assert all(one != other for one, other in pairwise(choices))
    assert len({version.why for version in VERSIONS.values()}) == 9


def test_versions_are_numbered_from_1_and_the_ninth_alone_leaves_its_index_behind():
    assert list(VERSIONS) == [version.number for version in VERSIONS.values()] == list(range(1, 10))
    assert [number for number, version in VERSIONS.items() if not version.carries_index] == [9]
    assert [number for number, version in VERSIONS.items() if version.remote] == [8]


@pytest.mark.parametrize("half", evaluation.HALVES)
@pytest.mark.parametrize("figure", ["hit_rate_at_1", "hit_rate_at_3", "mean_reciprocal_rank", "answer_hit_rate"])
def test_version_7_beats_version_6_on_both_halves(figure, half):
    assert getattr(measured(7, half), figure) >= getattr(measured(6, half), figure) + 0.04


def test_every_version_was_an_advance_on_the_half_it_was_tuned_on():
    ranks = [measured(number, "tuning").mean_reciprocal_rank for number in LOADABLE]
    assert ranks == sorted(ranks)


def test_the_figures_are_the_same_each_time():
    again = measured.__wrapped__(7, "report")
    once = measured(7, "report")
    assert {**asdict(again), "latency_p50_ms": 0} == {**asdict(once), "latency_p50_ms": 0}


def test_the_readme_tells_the_figures_that_are_measured():
    told = Path(passages.__file__).with_name("README.md").read_text()
    for number in LOADABLE:
        figures = measured(number, "report")
        row = (figures.hit_rate_at_1, figures.hit_rate_at_3, figures.mean_reciprocal_rank)
        assert f"| {number} | {row[0]:.3f} | {row[1]:.3f} | {row[2]:.3f} |" in told


def test_version_7_cites_its_sources_and_version_6_does_not():
    assert "\n[Rolling back: How to roll back]" in answered(7, "How do I roll back?")
    assert "[" not in answered(6, "How do I roll back?").replace("[{", "")


def test_no_answer_betrays_its_version_in_words():
    answers = {number: answered(number, "What is drift?") for number in LOADABLE}
    assert not [number for number, text in answers.items() if f"version {number}" in text.lower()]
