import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from examples.chatbot import answering
from examples.chatbot.passages import Passage

FOUND = [Passage(id=f"a/{n}", topic="Topic", title=f"Title {n}", text=f"Text {n}.") for n in (1, 2)]


def message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


@pytest.mark.parametrize(
    "messages",
    [
        [message("user", "first"), message("assistant", "reply"), message("user", "last")],
        [message("system", "be brief"), message("user", "last"), message("assistant", "reply")],
        [message("tool", "last")],
        [HumanMessage("first"), AIMessage("reply"), HumanMessage("last")],
        [SystemMessage("be brief"), HumanMessage("last")],
    ],
)
def test_the_question_is_the_last_thing_a_person_said(messages):
    assert answering.question({"messages": messages}) == "last"
    assert answering.question(messages) == "last"


def test_no_messages_hold_no_question():
    assert answering.question({"messages": []}) == ""


def test_an_answer_is_the_words_of_the_passages():
    assert answering.answer(FOUND, cites=False) == "Text 1.\n\nText 2."


def test_a_version_that_cites_names_topic_and_heading():
    assert answering.answer(FOUND, cites=True) == "Text 1.\n[Topic: Title 1]\n\nText 2.\n[Topic: Title 2]"


def test_an_answer_without_passages_says_so():
    assert answering.answer([], cites=True) == answering.NOTHING_FOUND
