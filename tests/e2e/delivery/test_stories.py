"""A change of a stack's file, from the pull request to what answers, by the workflows' own steps."""

from __future__ import annotations

from tests.e2e.delivery.delivery import Delivery, both, pin


def test_a_change_of_two_stacks_is_reviewed_merged_and_served_the_second_once_it_is_approved(
    delivery: Delivery,
) -> None:
    number, review = delivery.open("begin", both(pin("test", 1), pin("prod", 1)), "Serve the chatbot")
    assert review.ended().result == "success", review.told

    deployment = delivery.merge(number)
    delivery.place.approvals.await_asked(deployment.number, "prod")
    assert delivery.serves("test") == 1
    delivery.approve(deployment, "prod")

    assert deployment.result == "success", deployment.told
    assert delivery.serves("prod") == 1
