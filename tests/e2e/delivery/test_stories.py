"""A change of a stack's file, from the pull request to what answers, by the workflows' own steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.delivery.comments import differs
from tests.e2e.delivery.delivery import Delivery, both, pin, tag

pytestmark = pytest.mark.timeout(1200)

Expects = Callable[[str, str], None]


@pytest.fixture
def expects(request: pytest.FixtureRequest) -> Expects:
    """Hold a comment to the expected one of a name; `--write-expected` writes it anew."""

    def hold(name: str, comment: str) -> None:
        found = differs(name, comment, write=request.config.getoption("--write-expected"))
        assert not found, f"\n{found}\nIf that is right: make test ARGS='tests/e2e/delivery --write-expected'"

    return hold


def test_a_change_of_two_stacks_is_reviewed_and_goes_to_the_second_once_that_is_approved(delivery: Delivery) -> None:
    delivery.settle("test", 1, after=2)
    delivery.settle("prod", 1, after=2)

    number, review = delivery.open("forward", both(pin("test", 2), pin("prod", 2)), "Serve version 2")
    assert review.ended().result == "success", review.told
    assert "deployed in this order: test, then prod" in delivery.place.api.comment(number)
    assert {delivery.serves("test"), delivery.serves("prod")} == {1}

    deployment = delivery.merge(number)
    delivery.place.approvals.await_asked(deployment.number, "prod")
    assert (delivery.serves("test"), delivery.serves("prod")) == (2, 1)
    delivery.approve(deployment, "prod")

    assert deployment.result == "success", deployment.told
    assert (delivery.serves("test"), delivery.serves("prod")) == (2, 2)
    assert "version 2 serves on endpoint chatbot, as pinned" in deployment.summary


def test_a_second_push_edits_the_comment_in_place(delivery: Delivery) -> None:
    delivery.settle("test", 1)
    number, review = delivery.open("twice", tag("test", "team", "one"))
    first = delivery.place.api.comment(number) if review.ended() else ""

    delivery.repository.branch("twice", tag("test", "team", "two"))
    delivery.preview(number).ended()

    assert delivery.place.api.comment(number) != first
    assert "two" in delivery.place.api.comment(number)


def test_a_pin_to_a_version_that_is_not_there_is_refused_and_the_comment_says_why(
    delivery: Delivery, expects: Expects
) -> None:
    delivery.settle("prod", 2)

    number, review = delivery.open("missing", pin("prod", 99), "Serve version 99")

    assert review.ended().result == "failure"
    assert review.results["review (prod)"] == "failure"
    assert review.results["comment"] == "failure"
    expects("refused-pin", delivery.place.api.comment(number))
    assert delivery.serves("prod") == 2


def test_a_version_that_does_not_load_fails_the_job_and_an_issue_says_what_serves(delivery: Delivery) -> None:
    delivery.settle("prod", 2)
    number, review = delivery.open("broken", pin("prod", 3), "Serve version 3")
    review.ended()

    deployment = delivery.approve(delivery.merge(number), "prod")

    assert deployment.result == "failure"
    assert delivery.serves("prod") == 2
    issue = delivery.issues("Stack prod does not serve what it pins")[-1]
    assert issue["state"] == "open"
    assert "chatbot-v3" in issue["body"]
    assert "version 2 serves on endpoint chatbot" in issue["body"]


def test_a_rollback_by_hand_opens_the_pull_request_and_the_merge_brings_the_version_back(
    delivery: Delivery, expects: Expects
) -> None:
    delivery.settle("prod", 2, after=1)

    run = delivery.dispatch("rollback", stack="prod").ended()
    assert run.result == "success", run.told
    number = delivery.pull_request(f"rollback/prod-{run.number}")
    expects("rollback", delivery.place.api.comment(number))
    assert delivery.serves("prod") == 2

    deployment = delivery.approve(delivery.merge(number), "prod")

    assert deployment.result == "success", deployment.told
    assert delivery.serves("prod") == 1
    assert delivery.served("prod")[-2:] == [2, 1]


def test_behind_the_glass_a_rollback_serves_before_its_pull_request_is_open(delivery: Delivery) -> None:
    delivery.settle("test", 2, after=1)

    run = delivery.dispatch("rollback", stack="test", break_glass=True).ended()

    assert run.result == "success", run.told
    assert list(run.results).index("up / up") < list(run.results).index("open")
    assert delivery.serves("test") == 1
    deployment = delivery.merge(delivery.pull_request(f"rollback/test-{run.number}")).ended()
    assert deployment.result == "success", deployment.told
    assert delivery.serves("test") == 1


def test_two_merges_at_once_are_deployed_one_after_the_other_and_none_is_lost(delivery: Delivery) -> None:
    delivery.settle("test", 1)
    first = delivery.propose("one", pin("test", 2))
    second = delivery.propose("other", tag("test", "team", "second"))

    one = delivery.merge(first)
    one.await_log("deploy (test) / up", "may be deployed")
    other = delivery.merge(second)
    delivery.place.queues.await_length("deploy-test", 2)

    assert one.ended().result == "success", one.told
    assert other.ended().result == "success", other.told
    assert delivery.place.queues.order[-2:] == [("deploy-test", one), ("deploy-test", other)]
    assert delivery.serves("test") == 2
    assert delivery.tags("test")["team"] == "second"


def test_a_run_that_is_approved_late_is_stopped_and_the_newer_pin_stays(delivery: Delivery) -> None:
    delivery.settle("prod", 1)
    late = delivery.merge(delivery.propose("late", pin("prod", 2)))
    delivery.place.approvals.await_asked(late.number, "prod")
    newer = delivery.merge(delivery.propose("newer", pin("prod", 1)))

    delivery.approve(late, "prod")
    assert late.result == "failure"
    assert "Nothing was deployed to prod" in late.log("deploy (prod) / up")
    assert "make up" not in late.log("deploy (prod) / up")
    assert delivery.approve(newer, "prod").result == "success", newer.told
    assert delivery.serves("prod") == 1


def test_a_pull_request_from_a_fork_is_reviewed_offline_in_the_summary_and_gets_no_comment(
    delivery: Delivery, expects: Expects
) -> None:
    delivery.settle("prod", 2)

    number, review = delivery.open("theirs", pin("prod", 1), "A gift", repository="mallory/serving")

    assert review.ended().result == "success", review.told
    assert review.results["review"] == review.results["comment"] == "skipped"
    assert delivery.place.api.comments_on(number) == []
    expects("fork", review.summary)


HOSTILE = "x$(touch${IFS}pwned)`touch${IFS}pwned`;touch${IFS}pwned&<img/src=x>|'\"${{github.token}}"


def test_what_people_name_their_branches_and_changes_is_shown_as_text_and_never_run(
    delivery: Delivery, tmp_path: Path
) -> None:
    number, review = delivery.open(
        HOSTILE, tag("test", "note", "</details><script>alert(1)</script> | `x` [a](javascript:b) @everyone"), HOSTILE
    )

    assert review.ended().result == "success", review.told
    comment = delivery.place.api.comment(number)
    assert "<script>" not in comment.replace("`", "")[: comment.find("<details>")]
    assert not list(delivery.place.root.rglob("pwned"))
    assert not list(delivery.repository.clone.rglob("pwned"))
    assert "ghs_" not in review.told + comment
