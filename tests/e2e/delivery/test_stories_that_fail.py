"""What is refused, and what fails on its way: nothing else is touched, and somebody is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.delivery.azure_delivery import AzureDelivery
from tests.e2e.delivery.delivery import Delivery, both, pin, tag

pytestmark = pytest.mark.timeout(1200)

Expects = Callable[[str, str], None]


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


def test_a_version_that_does_not_load_opens_an_issue_which_the_next_good_deployment_closes(delivery: Delivery) -> None:
    delivery.settle("prod", 2)

    deployment = delivery.approve(delivery.merge(delivery.propose("broken", pin("prod", 3))), "prod")

    assert deployment.result == "failure"
    assert delivery.serves("prod") == 2
    (issue,) = delivery.issues("Stack prod does not serve what it pins")
    assert issue["state"] == "open"
    assert "chatbot-v3" in issue["body"]
    assert "version 2 serves on endpoint chatbot" in issue["body"]

    mended = delivery.approve(delivery.merge(delivery.propose("mended", pin("prod", 2))), "prod")
    assert mended.result == "success", mended.told
    assert [each["state"] for each in delivery.issues("Stack prod does not serve what it pins")] == ["closed"]
    assert "version 2 serves on endpoint chatbot, as pinned" in delivery.place.api.comment(issue["number"])


def test_in_azure_a_stack_that_fails_keeps_those_behind_it_from_their_turn_until_it_is_mended(
    azure: AzureDelivery,
) -> None:
    azure.common.settle("test", 2)
    number = azure.open("both", both(pin("test", 3), tag("prod", "team", "mine")), "Serve version 3")

    deployment = azure.merge(number).ended()

    assert deployment.result == "failure"
    assert (deployment.results["test / up"], deployment.results["prod"]) == ("failure", "skipped")
    (item,) = azure.api.titled("Stack test does not serve what it pins")
    assert item["State"] == "To Do"
    assert "version 2 serves on endpoint chatbot" in item["Description"]
    assert azure.common.serves("test") == 2
    assert "team" not in azure.common.tags("prod")

    azure.common.main_pins("test", 2)
    by_hand = azure.start("deploy", stack="test").ended()
    assert (by_hand.result, by_hand.results["prod"]) == ("success", "skipped"), by_hand.told
    assert [each["State"] for each in azure.api.titled("Stack test does not serve what it pins")] == ["Done"]
