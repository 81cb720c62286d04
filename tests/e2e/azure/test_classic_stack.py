"""A stack that creates a classic platform with all its parts, on the real engine: what is made, kept, and given up."""

from __future__ import annotations

from collections import Counter

import pytest

from policy.finding import refusing
from tests.azure.error import AzureError
from tests.e2e.azure.created_stack import Cloud
from tests.e2e.azure.platform_stack import CLASSIC, PlatformStack
from tests.e2e.engine.stand_in.driven_stack import Run

NETWORK = {
    "NatGateway": 1,
    "NetworkSecurityGroup": 1,
    "PrivateDnsZoneGroup": 4,
    "PrivateEndpoint": 4,
    "PrivateZone": 3,
    "PublicIPAddress": 1,
    "Subnet": 3,
    "VirtualNetwork": 1,
    "VirtualNetworkLink": 3,
    "VirtualNetworkPeering": 1,
}


class Nets(PlatformStack):
    """The stack that the tests share, with the preview and the run that made it."""

    planned: Run
    first: Run
    refused: int


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud, metastore: str) -> Nets:
    stack = Nets("nets", tmp_path_factory.mktemp("nets"), cloud, metastore, CLASSIC)
    stack.say()
    stack.planned = stack.run("preview")
    stack.refused = len(refusing(stack.judged(stack.planned)))
    stack.first = stack.run("up")
    stack.changed()
    return stack


def test_the_first_preview_says_what_the_up_then_makes_and_policies_refuse_none(nets: Nets) -> None:
    assert (nets.planned.errors, nets.first.errors, nets.refused) == ("", "", 0)
    assert nets.planned.changes == nets.first.changes == {"create": 57}


def test_it_has_a_network_with_a_way_out_and_private_ways_in(nets: Nets) -> None:
    made = Counter(step.kind for step in nets.first.recorder.steps)

    assert NETWORK.items() <= made.items()
    assert (made["Workspace"], made["DiagnosticSetting"], made["Budget"]) == (2, 2, 1)


def test_the_casing_that_azure_answers_with_is_no_drift(nets: Nets) -> None:
    found = nets.cloud.subscription.below(nets.group).values()

    assert {each["location"] for each in found if "privateDnsZones" in each["type"]} == {"global"}
    assert [each["sku"]["name"] for each in found if each["type"].startswith("Microsoft.Oper")] == ["pergb2018"]
    assert [nets.run(operation).changes for operation in ("preview", "refresh", "up")] == [{}, {}, {}]
    assert nets.changed() == []


def test_logs_that_the_file_drops_are_kept_by_the_policies_and_after_them_by_the_lock(nets: Nets) -> None:
    nets.say(logDays=None)
    planned = nets.run("preview")
    refused = {each.resource: each.message for each in refusing(nets.judged(planned))}
    tried = nets.run("up")
    nets.say()

    assert refused.keys() == {"platform-logs-analytics"}
    assert 'Status=409 Code="ScopeLocked"' in tried.errors
    assert nets.run("up").errors == ""
    assert nets.run("preview").changes == {}


def test_a_subnet_that_is_in_use_is_not_deleted_by_hand(nets: Nets) -> None:
    """The double's own rule, without which the order of a destroy would prove nothing."""
    network = f"{nets.group}/providers/Microsoft.Network/virtualNetworks/vnet-rollpin-nets"
    inside = nets.cloud.subscription.below(network)

    assert f"{network.lower()}/subnets/rollpin-nets-endpoints" in inside
    with pytest.raises(AzureError, match="InUseResourceCannotBeDeleted"):
        nets.cloud.subscription.confirm_unused(f"{network}/subnets/rollpin-nets-endpoints")


def test_unprotected_it_goes_whole_and_in_an_order_that_azure_takes(nets: Nets) -> None:
    nets.say(protect=False)
    nets.changed()
    assert nets.run("up").changes == {"delete": 1}
    assert nets.changed() == ["DELETE lock-rollpin-nets"]

    gone = nets.run("destroy")
    assert (gone.errors, gone.changes) == ("", {"delete": 56})
    left = nets.cloud.subscription.below(f"/subscriptions/{nets.cloud.subscription.id}")
    assert [each for each in left if "nets" in each] == []
