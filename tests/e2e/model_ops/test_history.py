"""What served when, from the engine's record, with git's commit, author and approver."""

from tests.e2e.model_ops.workplace import Workplace


def test_the_history_says_what_served_when_and_who_approved_it(place: Workplace) -> None:
    first, second, *_ = told = place.json("history")
    assert (first["served"]["version"], second["served"]["version"]) == (1, 2)
    assert (first["commit"]["author"], first["commit"]["approver"]) == ("An Author", "A Reviewer")
    assert first["commit"]["subject"] == "Pin version 1"
    assert first["run_id"] == place.json("lineage", "1")["run"]["run_id"]
    assert [each["served"]["version"] for each in told if each["served"]["end"] is None] == [2]


def test_the_history_answers_for_a_moment(place: Workplace) -> None:
    first, *_ = place.json("history")
    ended = first["served"]["end"]["ended"]
    assert place.json("history", "--at", ended)["served"]["version"] == 2
    assert place.json("history", "--at", first["served"]["update"]["ended"])["served"]["version"] == 1
    before = place.run("history", "--at", "2020-01-01")
    assert (before.exit_code, before.stdout) == (0, "")
    assert "Nothing was proven to serve" in before.stderr


def test_a_time_that_is_none_or_is_yet_to_come_is_refused(place: Workplace) -> None:
    for moment, code, why in (("yesterday", 2, "is no time"), ("2999-01-01", 1, "is in the future")):
        result = place.run("history", "--at", moment)
        assert (result.exit_code, why in result.stderr) == (code, True)
