"""A stack that creates a serverless platform, on the real engine: what is made, kept, changed, and given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.finding import refusing
from tests.e2e.azure.created_stack import Cloud
from tests.e2e.azure.platform_stack import SERVERLESS, PlatformStack
from tests.e2e.engine import versions
from tests.e2e.engine.stand_in.driven_stack import Run

KIND = "rollpin:index:ServingEndpoint$databricks:index/modelServing:ModelServing"
ENDPOINT = f"urn:pulumi:lake::rollpin::{KIND}::chatbot-endpoint"
TYPES = (
    "AccessConnector AccountNetworkPolicy BlobContainer BlobServiceProperties Catalog ExternalLocation Grants "
    "Grants Grants ManagementLockAtResourceGroupLevel MetastoreAssignment MlflowExperiment MwsNccBinding "
    "MwsNccPrivateEndpointRule MwsNccPrivateEndpointRule MwsNetworkConnectivityConfig Permissions RegisteredModel "
    "ResourceGroup RoleAssignment Schema StorageAccount StorageCredential Workspace WorkspaceNetworkOption"
)
HARDENED = ["allowSharedKeyAccess", "minimumTlsVersion"]


class Lake(PlatformStack):
    """The stack that the tests share, and the run that made it."""

    first: Run


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud, metastore: str) -> Lake:
    """The stack as it is after its first `up`, which has no pin; then versions are registered, and one is pinned."""
    stack = Lake("lake", tmp_path_factory.mktemp("lake"), cloud, metastore, SERVERLESS)
    stack.say()
    stack.first = stack.run("up")
    assert not stack.first.errors
    stack.environment["DATABRICKS_HOST"] = cloud.url
    versions.register(cloud.home, stack.model)
    stack.say(version=1)
    assert stack.run("up").changes == {"create": 2}
    return stack


@pytest.fixture(autouse=True)
def as_it_was(lake: Lake) -> None:
    """Begin with version 1 pinned and nothing changed by hand, and know nothing of what was sent before."""
    lake.say(version=1)
    assert not lake.run("up").failed
    lake.changed()


def test_the_first_up_makes_all_of_it_and_policies_refuse_none(lake: Lake) -> None:
    assert sorted(step.kind for step in lake.first.recorder.steps) == TYPES.split()
    assert {step.operation for step in lake.first.recorder.steps} == {"create"}
    assert refusing(lake.judged(lake.run("preview"))) == ()


def test_what_azure_fills_in_is_no_drift(lake: Lake) -> None:
    found = lake.cloud.subscription.get(lake.account) or {}

    assert (found["accessTier"], found["sku"]["tier"], found["networkRuleSet"]["ipRules"]) == ("Hot", "Standard", [])
    assert [lake.run(operation).changes for operation in ("preview", "refresh", "up")] == [{}, {}, {}]
    assert lake.changed() == []


def test_a_pin_is_exactly_one_update_and_changes_nothing_in_azure(lake: Lake) -> None:
    lake.say(version=2)

    assert lake.run("up").changes == {"update": 1}
    lake.say(version=1)
    assert lake.run("up").changes == {"update": 1}
    assert lake.changed() == []


def test_a_storage_that_was_changed_by_hand_shows_in_a_refresh_and_is_put_right(lake: Lake) -> None:
    lake.cloud.subscription.change(lake.account, allowSharedKeyAccess=True, minimumTlsVersion="TLS1_0")

    planned = lake.run("preview")
    assert planned.paths("refresh") == planned.paths("update") == {"platform-storage-account": HARDENED}
    assert lake.run("up").changes == {"refresh": 1, "update": 1}
    assert lake.changed() == ["PUT rollpinlake"]
    assert (lake.cloud.subscription.get(lake.account) or {})["minimumTlsVersion"] == "TLS1_2"


def test_a_rollback_of_the_endpoint_alone_neither_asks_azure_nor_plans_what_was_changed_there(lake: Lake) -> None:
    lake.cloud.subscription.change(lake.account, allowSharedKeyAccess=True)
    lake.say(version=2)

    assert list(lake.run("preview", target=[ENDPOINT]).paths("update")) == ["chatbot-endpoint"]
    assert lake.run("up", target=[ENDPOINT]).changes == {"update": 1}
    assert lake.cloud.subscription.sent == []


def test_another_host_that_models_may_reach_is_one_update_in_the_account(lake: Lake) -> None:
    lake.say(version=1, egress=["pypi.org", "files.pythonhosted.org"])

    assert lake.run("up").changes == {"update": 1}
    egress = lake.cloud.account.found["network-policies/np-rollpin-lake"]["egress"]["network_access"]
    hosts = [each["destination"] for each in egress["allowed_internet_destinations"]]
    assert (hosts, egress["restriction_mode"]) == (["pypi.org", "files.pythonhosted.org"], "RESTRICTED_ACCESS")
    assert lake.changed() == []


def test_files_that_are_to_be_kept_longer_are_one_update_in_azure(lake: Lake) -> None:
    lake.say(version=1, softDeleteDays=90)

    assert lake.run("up").changes == {"update": 1}
    assert lake.changed() == ["PUT default"]


def test_what_is_gone_is_made_again(lake: Lake) -> None:
    lake.cloud.subscription.remove(f"{lake.account}/blobServices/default/containers/unity-catalog")

    assert lake.run("up").changes == {"create": 1}
    assert lake.changed() == ["PUT unity-catalog"]


def test_another_region_would_replace_what_is_protected_and_is_refused_in_the_preview(lake: Lake) -> None:
    lake.say(version=1, location="northeurope")

    refused = lake.run("preview")
    assert refused.failed
    assert 'unable to replace resource "urn:pulumi:lake::rollpin::rollpin:index:AzurePlatform' in refused.errors
    assert lake.changed() == []


def test_an_unprotected_stack_goes_whole(tmp_path: Path, cloud: Cloud, metastore: str) -> None:
    stack = PlatformStack("brief", tmp_path, cloud, metastore, SERVERLESS)
    stack.say(protect=False)
    assert stack.run("up").changes == {"create": 24}
    assert stack.cloud.subscription.below(stack.group)

    gone = stack.run("destroy")
    assert (gone.errors, gone.changes) == ("", {"delete": 24})
    assert stack.cloud.subscription.get(stack.group) is None
    assert not stack.cloud.subscription.below(stack.group)
