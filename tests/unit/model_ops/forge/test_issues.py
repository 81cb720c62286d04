from __future__ import annotations

import pytest
from click.testing import CliRunner

from model_ops.cli import main
from model_ops.forge.text import issue_mark

TITLE = "Stack eu `$(id)` does not serve what it pins"


def issue(text: str, *words: str, title: str = TITLE):
    return CliRunner().invoke(main, ["issue", "--title", title, *words], input=text)


def test_there_is_one_open_issue_for_a_title_and_its_text_is_renewed(hub):
    assert issue("version 6 serves").exit_code == issue("version 5 serves").exit_code == 0
    assert [each["title"] for each in hub.issues] == [TITLE]
    assert "version 5 serves" in hub.issues[0]["body"]


def test_it_is_closed_with_a_last_word_when_all_is_well_again(hub):
    issue("version 6 serves")
    issue("version 7 serves, as pinned", "--close")
    assert hub.issues[0]["state"] == "closed"
    assert "version 7 serves" in hub.comments[0]["body"]


def test_another_one_is_opened_after_it_was_closed(hub):
    issue("bad")
    issue("well", "--close")
    issue("bad again")
    assert [each["state"] for each in hub.issues] == ["closed", "open"]


def test_there_is_nothing_to_close_where_none_is_open(hub):
    done = issue("well", "--close")
    assert (done.exit_code, hub.issues, hub.comments) == (0, [], [])
    assert "No issue of that title is open." in done.stderr


@pytest.mark.parametrize("other", [{"body": "by somebody"}, {"body": "", "pull_request": {}}])
def test_an_issue_of_that_title_which_is_not_ours_is_left_alone(hub, other):
    hub.add(hub.issues, {"title": TITLE, **other}, login="people")
    issue("bad")
    assert hub.issues[0]["body"] == other["body"]
    assert len(hub.issues) == 2


@pytest.mark.parametrize("body", [issue_mark(TITLE), "", None])
def test_an_issue_that_somebody_opened_ahead_of_us_is_neither_written_over_nor_closed(hub, body):
    hub.add(hub.issues, {"title": TITLE, "body": body}, login="mallory")
    issue("bad")
    issue("well", "--close")
    assert (hub.issues[0]["body"], hub.issues[0]["state"]) == (body, "open")
    assert hub.issues[1]["state"] == "closed"


@pytest.mark.parametrize("lost", [1, 2])
def test_one_that_was_opened_although_the_answer_was_lost_is_not_opened_again(hub, lost):
    hub.place.lost = lost
    assert issue("bad").exit_code == 0
    assert len(hub.issues) == 1
