"""A change of a stack's file, from the pull request to what answers, by the workflows' own steps.

Each story settles what it begins with, which costs nothing where the one before it has left that: hence their order.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from databricks.sdk.service.serving import EndpointTag

from tests.e2e.delivery.delivery import Delivery, both, no_stack, pin, tag

pytestmark = pytest.mark.timeout(1200)

Expects = Callable[[str, str], None]


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


def test_a_run_that_is_approved_late_is_stopped_and_the_newer_pin_is_deployed(delivery: Delivery) -> None:
    delivery.settle("prod", 1)
    late = delivery.merge(delivery.propose("late", pin("prod", 3)))
    delivery.place.approvals.await_asked(late.number, "prod")
    newer = delivery.merge(delivery.propose("newer", pin("prod", 2)))

    delivery.approve(late, "prod")
    assert late.result == "failure"
    assert "Nothing was deployed to prod" in late.log("deploy (prod) / up")
    assert "make up" not in late.log("deploy (prod) / up")
    assert delivery.issues("Stack prod does not serve what it pins") == []
    assert delivery.approve(newer, "prod").result == "success", newer.told
    assert delivery.serves("prod") == 2


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


def test_a_change_of_two_stacks_is_reviewed_and_goes_to_the_second_once_that_is_approved(
    delivery: Delivery, expects: Expects
) -> None:
    delivery.settle("test", 1, after=2)
    delivery.settle("prod", 1, after=2)

    number, review = delivery.open("forward", both(pin("test", 2), pin("prod", 2)), "Serve version 2")
    assert review.ended().result == "success", review.told
    expects("two-stacks", delivery.place.api.comment(number))
    assert {delivery.serves("test"), delivery.serves("prod")} == {1}

    deployment = delivery.merge(number)
    delivery.place.approvals.await_asked(deployment.number, "prod")
    assert (delivery.serves("test"), delivery.serves("prod")) == (2, 1)
    delivery.approve(deployment, "prod")

    assert deployment.result == "success", deployment.told
    assert (delivery.serves("test"), delivery.serves("prod")) == (2, 2)
    assert "version 2 serves on endpoint chatbot, as pinned" in deployment.summary


def test_what_somebody_changes_by_hand_is_in_one_issue_of_its_stack_until_it_is_put_right(delivery: Delivery) -> None:
    delivery.settle("test", 2)
    delivery.settle("prod", 2)
    endpoints = delivery.by_hand("prod").serving_endpoints
    endpoints.patch("chatbot", add_tags=[EndpointTag("mine", "1")])

    night = delivery.dispatch("drift").ended()
    assert (night.results["drift (test) / look"], night.results["drift (prod) / look"]) == ("success", "failure")
    (issue,) = delivery.issues("Stack prod is not as it was deployed")
    assert (issue["state"], "mine" in issue["body"]) == ("open", True)

    endpoints.patch("chatbot", delete_tags=["mine"])
    assert (next_night := delivery.dispatch("drift").ended()).result == "success", next_night.told
    assert [each["state"] for each in delivery.issues("Stack prod is not as it was deployed")] == ["closed"]
    assert delivery.issues("Stack test is not as it was deployed") == []


def test_a_new_version_is_proposed_once_to_the_stack_where_versions_begin(delivery: Delivery) -> None:
    delivery.settle("test", 2)

    morning = delivery.dispatch("propose").ended()
    assert morning.result == "success", morning.told
    (pull,) = delivery.pull_requests("propose/test/chatbot-v4")
    assert "`chatbot`: **roll forward, 2 → 4**" in pull["body"]

    next_morning = delivery.dispatch("propose").ended()
    assert next_morning.result == "success", next_morning.told
    assert f"version 4: it was proposed before: {pull['html_url']}" in next_morning.log("propose (test)")
    assert len(delivery.pull_requests("propose/test/chatbot-v4")) == 1
    assert not [name for run in (morning, next_morning) for name in run.results if "prod" in name]
    assert delivery.serves("test") == 2


def test_a_promoted_version_is_copied_once_that_is_approved_and_its_pin_is_offered(delivery: Delivery) -> None:
    delivery.settle("test", 2)
    delivery.settle("prod", 2)
    before = delivery.registered("prod")

    run = delivery.dispatch("promote", **{"from": "test", "to": "prod"})
    delivery.place.approvals.await_asked(run.number, "prod")
    assert delivery.registered("prod") == before
    delivery.approve(run, "prod")

    assert run.result == "success", run.told
    (copy,) = delivery.registered("prod") - before
    comment = delivery.place.api.comment(delivery.pull_request(f"promote/prod-{run.number}"))
    assert f"`chatbot`: **roll forward, 2 → {copy}**" in comment
    assert delivery.serves("prod") == 2


def test_a_pull_request_from_a_fork_is_reviewed_offline_in_the_summary_and_gets_no_comment(
    delivery: Delivery, expects: Expects
) -> None:
    delivery.main_pins("prod", 2)

    number, review = delivery.open("theirs", pin("prod", 1), "A gift", repository="mallory/serving")

    assert review.ended().result == "success", review.told
    assert review.results["review"] == review.results["comment"] == "skipped"
    assert delivery.place.api.comments_on(number) == []
    expects("fork", review.summary)


def test_a_push_that_takes_everything_back_says_so_in_the_comment_that_is_there(delivery: Delivery) -> None:
    number, review = delivery.open("withdrawn", tag("test", "note", "first"))
    assert review.ended().result == "success", review.told
    assert "### Stack `test`" in delivery.place.api.comment(number)

    delivery.repository.branch("withdrawn", no_stack)
    again = delivery.preview(number).ended()

    assert (again.result, again.results["review"], again.results["comment"]) == ("success", "skipped", "skipped")
    assert "### Nothing to review" in delivery.place.api.comment(number)
    never, preview = delivery.open("elsewhere", no_stack)
    assert preview.ended().result == "success", preview.told
    assert delivery.place.api.comments_on(never) == []


HOSTILE = "x$(touch${IFS}pwned)`touch${IFS}pwned`;touch${IFS}pwned&<img/src=x>|'\"${{github.token}}"
NOTE = "</details><script>alert(1)</script> | `x` [a](javascript:b) @everyone"


def test_a_second_push_edits_the_comment_in_place_and_what_people_write_is_shown_as_text_and_never_run(
    delivery: Delivery,
) -> None:
    number, review = delivery.open(HOSTILE, tag("test", "note", "first"), HOSTILE)
    assert review.ended().result == "success", review.told
    first = delivery.place.api.comment(number)

    delivery.repository.branch(HOSTILE, tag("test", "note", NOTE), HOSTILE)
    again = delivery.preview(number).ended()

    assert again.result == "success", again.told
    comment = delivery.place.api.comment(number)
    assert ("script" in first, "script" in comment) == (False, True)
    assert "<script>" not in comment.replace("`", "")[: comment.find("<details>")]
    assert not list(delivery.place.root.rglob("pwned"))
    assert not list(delivery.repository.clone.rglob("pwned"))
    assert "ghs_" not in again.told + comment
