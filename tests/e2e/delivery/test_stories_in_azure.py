"""The same path by the pipelines of Azure DevOps: their own steps, read from their files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from databricks.sdk.service.serving import EndpointTag

from tests.e2e.delivery.azure_delivery import AzureDelivery
from tests.e2e.delivery.delivery import no_stack, pin

pytestmark = pytest.mark.timeout(1200)

Expects = Callable[[str, str], None]


def test_behind_the_glass_a_rollback_is_approved_and_serves_before_its_pull_request_is_open(
    azure: AzureDelivery,
) -> None:
    azure.common.settle("prod", 2, after=1)

    run = azure.start("rollback", stack="prod", breakGlass=True)
    branch = f"rollback/prod-{run.number}"
    azure.project.approvals.await_asked(run.number, "prod")
    assert (azure.api.requests(branch), azure.common.serves("prod")) == ([], 2)
    azure.approve(run, "prod")
    assert run.result == "success", run.told
    assert azure.common.serves("prod") == 1

    (pull,) = azure.api.requests(branch)
    deployment = azure.approve(azure.merge(pull["pullRequestId"]), "prod")
    assert deployment.result == "success", deployment.told
    assert (deployment.results["test"], azure.common.serves("prod")) == ("skipped", 1)
    assert azure.api.titled("Stack prod does not serve what it pins") == []


def test_a_change_is_reviewed_in_one_thread_that_is_edited_in_place(azure: AzureDelivery) -> None:
    azure.common.settle("prod", 1)
    number = azure.open("forward-in-azure", pin("prod", 2), "Serve version 2")

    review = azure.preview(number).ended()
    assert review.result == "success", review.told
    (comment,) = azure.api.comments(number)
    assert "`chatbot`: **roll forward, 1 → 2**" in comment
    assert (review.results["test"], review.results["offline"]) == ("skipped", "skipped")
    assert azure.common.serves("prod") == 1

    azure.common.repository.branch("forward-in-azure", pin("prod", 99), "Serve version 99")
    refused = azure.preview(number).ended()
    assert (refused.result, refused.results["comment / comment"]) == ("failure", "failure")
    (comment,) = azure.api.comments(number)
    assert "version 99 of chatbot does not exist here" in comment

    azure.common.repository.branch("forward-in-azure", no_stack)
    withdrawn = azure.preview(number).ended()
    assert (withdrawn.result, withdrawn.results["comment"]) == ("success", "skipped"), withdrawn.told
    (comment,) = azure.api.comments(number)
    assert "### Nothing to review" in comment


def test_what_somebody_changes_by_hand_is_in_one_work_item_until_it_is_put_right(azure: AzureDelivery) -> None:
    azure.common.settle("test", 2)
    azure.common.settle("prod", 1)
    endpoints = azure.common.by_hand("test").serving_endpoints
    endpoints.patch("chatbot", add_tags=[EndpointTag("mine", "1")])

    night = azure.start("drift").ended()
    assert (night.results["test / look"], night.results["prod / look"]) == ("failure", "success")
    (item,) = azure.api.titled("Stack test is not as it was deployed")
    assert (item["State"], "mine" in item["Description"]) == ("To Do", True)

    endpoints.patch("chatbot", delete_tags=["mine"])
    next_night = azure.start("drift").ended()
    assert next_night.result == "success", next_night.told
    assert [each["State"] for each in azure.api.titled("Stack test is not as it was deployed")] == ["Done"]
    assert azure.api.titled("Stack prod is not as it was deployed") == []


def test_a_pull_request_from_a_fork_is_reviewed_offline_and_gets_no_comment(
    azure: AzureDelivery, expects: Expects
) -> None:
    azure.common.main_pins("prod", 2)
    number = azure.open("theirs-in-azure", pin("prod", 1), "A gift")

    review = azure.preview(number, fork=True).ended()

    assert review.result == "success", review.told
    assert (review.results["prod"], review.results["comment"]) == ("skipped", "skipped")
    assert azure.api.comments(number) == []
    expects("fork", review.summary)
