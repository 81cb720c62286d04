import re

from examples.chatbot import evaluation, passages


def test_a_document_splits_into_a_passage_for_each_heading():
    found = passages.split("pins", "# Pins\n\n## What a pin is\nOne\nline.\n\n## Is 7.0 one?\nNo.\n")
    assert [(p.id, p.topic, p.title, p.text) for p in found] == [
        ("pins/what-a-pin-is", "Pins", "What a pin is", "One line."),
        ("pins/is-7-0-one", "Pins", "Is 7.0 one?", "No."),
    ]


def test_the_documents_hold_dozens_of_passages_with_ids_of_their_own():
    ids = [passage.id for passage in passages.read()]
    assert len(ids) >= 40
    assert len(set(ids)) == len(ids)


def test_every_passage_says_something_and_none_is_a_page():
    lengths = {passage.id: len(passage.text.split()) for passage in passages.read()}
    assert {name: length for name, length in lengths.items() if not 25 <= length <= 120} == {}


def test_every_question_is_answered_by_passages_that_exist():
    known = {passage.id for passage in passages.read()}
    asked = [item for half in evaluation.HALVES for item in evaluation.questions(half)]
    assert len(asked) >= 60
    assert all(item.passages for item in asked)
    assert {name for item in asked for name in item.passages} - known == set()


def test_the_two_halves_share_no_question():
    tuning, report = ({_words(item.question) for item in evaluation.questions(half)} for half in evaluation.HALVES)
    assert len(tuning) >= 30
    assert len(report) >= 30
    assert tuning & report == set()


def test_every_passage_is_asked_for():
    known = {passage.id for passage in passages.read()}
    asked = {name for half in evaluation.HALVES for item in evaluation.questions(half) for name in item.passages}
    assert known - asked == set()


def _words(question: str) -> tuple[str, ...]:
    return tuple(sorted(re.findall(r"\w+", question.lower())))
