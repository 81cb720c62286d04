from __future__ import annotations

from click.testing import CliRunner

from model_ops.cli import main
from model_ops.forge.github import LIMIT


def comment(text: str, *words: str):
    return CliRunner().invoke(main, ["comment", "--pull-request", "7", *words], input=text)


def test_a_comment_is_written_once_and_then_edited_in_place(hub):
    assert comment("one").exit_code == comment("two").exit_code == 0
    assert [each["body"].splitlines()[1] for each in hub.comments] == ["two"]


def test_one_that_is_only_to_be_renewed_is_not_written_first(hub):
    assert "so nothing is written" in comment("nothing", "--only-renew").stderr
    assert hub.comments == []
    comment("one")
    assert comment("two", "--only-renew").stderr == "The comment on pull request 7 is brought up to date.\n"
    assert [each["body"].splitlines()[1] for each in hub.comments] == ["two"]


def test_a_comment_that_somebody_else_marked_is_never_edited(hub):
    comment("ours")
    hub.comments[0]["user"] = {"login": "mallory"}
    comment("ours again")
    assert [each["body"].splitlines()[1] for each in hub.comments] == ["ours", "ours again"]


def test_ours_is_found_on_the_second_page_too(hub):
    for number in range(130):
        hub.add(hub.comments, {"body": f"talk {number}"}, login="people")
    comment("one")
    comment("two")
    assert len(hub.comments) == 131
    assert "two" in hub.comments[-1]["body"]


def test_a_text_over_the_limit_is_cut_and_says_so(hub):
    comment("a line of it\n" * 20_000)
    body = hub.comments[0]["body"]
    assert len(body) <= LIMIT
    assert "**This is cut**, for it has 260,000 characters" in body
    assert body.endswith("a line of it\n")


def test_a_plain_text_stays_in_its_fence_whatever_is_in_it(hub):
    comment("```\n@team <b>bold</b>\n````\x1b[31m", "--plain")
    _, opening, *inside, closing = hub.comments[0]["body"].rstrip("\n").splitlines()
    assert (opening, closing) == ("`````text", "`````")
    assert inside == ["```", "@team <b>bold</b>", "````\\x1b[31m"]


def test_a_token_that_may_only_read_leaves_the_text_in_the_summary(hub, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    hub.place.first = [(200, [], {}), (403, {"message": "Resource not accessible by integration"}, {})]
    done = comment("the review")
    assert done.exit_code == 0
    assert "Resource not accessible by integration" in done.stderr
    assert (tmp_path / "summary").read_text() == "the review\n"


def test_a_place_that_is_busy_is_asked_again_when_it_says(hub):
    hub.place.first = [(429, {}, {"retry-after": "0"}), (503, {}, {"retry-after": "0"})]
    assert comment("one").exit_code == 0
    assert len(hub.comments) == 1


def test_a_comment_whose_answer_was_lost_is_not_written_twice(hub):
    hub.place.lost = 1
    assert comment("one").exit_code == 0
    assert len(hub.comments) == 1


def test_a_limit_on_calls_is_waited_out_and_is_no_lack_of_leave(hub):
    spent = (403, {"message": "API rate limit exceeded"}, {"x-ratelimit-remaining": "0", "retry-after": "0"})
    hub.place.first = [spent]
    assert comment("one").exit_code == 0
    hub.place.first = [spent] * 4
    done = comment("two")
    assert done.exit_code == 1
    assert "It was asked too often" in done.stderr
    assert "permissions" not in done.stderr


def test_a_page_for_people_instead_of_an_answer_is_one_message(hub):
    hub.place.page = "<html>Sign in</html>"
    done = comment("one")
    assert done.exit_code == 1
    assert "answers 200 without JSON: <html>Sign in</html>" in done.stderr
    assert "mistake of the program" not in done.stderr


def test_a_refusal_is_told_without_the_token(hub):
    hub.place.first = [(401, {"message": "Bad credentials"}, {})] * 2
    done = comment("one")
    assert done.exit_code == 1
    assert "Bad credentials" in done.stderr
    assert "ghs_secret" not in done.output
    assert "Traceback" not in done.output


def test_the_token_goes_into_the_header_alone(hub):
    comment("one")
    assert {headers["authorization"] for _, _, _, headers in hub.place.calls} == {"Bearer ghs_secret"}
    assert "ghs_secret" not in str([(path, body) for _, path, body, _ in hub.place.calls])


def test_a_token_is_not_sent_in_the_clear(hub, monkeypatch):
    monkeypatch.setenv("GITHUB_API_URL", "http://example.com")
    done = comment("one")
    assert done.exit_code == 1
    assert "no https address" in done.stderr


def test_without_a_token_it_is_said_what_to_set(hub, monkeypatch):
    monkeypatch.delenv("GITHUB_TOKEN")
    done = comment("one")
    assert done.exit_code == 1
    assert "set GITHUB_TOKEN" in done.stderr
