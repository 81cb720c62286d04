"""A platform stack, and one that serves from it: a storage that was changed keeps no rollback up. In this order."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine import principals
from engine.stand_in.workspace import Workspace
from tests.e2e.azure.created_stack import Cloud, CreatedStack
from tests.e2e.engine import versions

BINDINGS = "/api/2.1/unity-catalog/bindings/catalog/base"
PLATFORM = """\
config:
  rollpin:platform:
    create:
      compute: serverless
      location: westeurope
      storageAccount: rollpinbase
      metastoreId: {metastore}
      accountId: {account}
  rollpin:tags: {{team: platform, environment: base}}
  rollpin:models: {{}}
  rollpin:catalogs:
    base:
      isolated: true
      schemas:
        bots: {{access: {{manage: [ml-engineers]}}, volumes: [documents]}}
"""
SERVING = """\
config:
  rollpin:models:
    chatbot:
      catalog: base
      schema: bots
      createSchema: false
      access: {manage: [ml-engineers], reach: false}
      endpoint: {name: base-chatbot}
"""
"""In the workspace that the environment names: an address with a port, as the sandbox's is, is none of Azure's."""


@dataclass(frozen=True)
class Pair:
    """Both stacks, and the cloud that they are in."""

    cloud: Cloud
    platform: CreatedStack
    serving: CreatedStack

    @property
    def account(self) -> str:
        """The id of the platform's storage account."""
        group = f"/subscriptions/{self.cloud.subscription.id}/resourceGroups/rg-rollpin-base"
        return f"{group}/providers/Microsoft.Storage/storageAccounts/rollpinbase"

    def pin(self, version: int) -> None:
        self.serving.write(f"{SERVING}      servedVersion: {version}\n")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud, metastore: str) -> Pair:
    """The platform is there, and version 2 is served."""
    principals.introduce(cloud.home, {"ml-engineers"})
    platform = CreatedStack("base", tmp_path_factory.mktemp("base"), cloud)
    platform.write(PLATFORM.format(metastore=metastore, account=cloud.account.id))
    serving = CreatedStack("shop", tmp_path_factory.mktemp("shop"), cloud)
    serving.environment["DATABRICKS_HOST"] = cloud.url
    made = Pair(cloud, platform, serving)
    serving.write(SERVING)
    assert platform.run("up").errors == ""
    assert serving.run("up").errors == ""
    versions.register(cloud.home, "base.bots.chatbot")
    made.pin(2)
    assert serving.run("up").errors == ""
    return made


def test_the_platform_is_whole_and_says_where_it_is(pair: Pair) -> None:
    again = pair.platform.run("up")

    assert (again.errors, again.changes) == ("", {})
    kept = Workspace(pair.cloud.home.url, pair.cloud.home.token).call("GET", BINDINGS)["bindings"]
    assert [each["binding_type"] for each in kept] == ["BINDING_TYPE_READ_WRITE"]
    assert f"host: {pair.cloud.url}" in "\n".join(again.lines)


def test_a_rollback_neither_asks_azure_nor_waits_for_a_storage_that_somebody_changed(pair: Pair) -> None:
    pair.cloud.subscription.change(pair.account, allowSharedKeyAccess=True, minimumTlsVersion="TLS1_0")
    pair.cloud.subscription.sent.clear()
    pair.pin(1)

    done = pair.serving.run("up")

    assert (done.errors, done.changes) == ("", {"update": 1})
    assert [step.name for step in done.recorder.steps] == ["chatbot-endpoint"]
    assert pair.cloud.subscription.sent == []


def test_the_platforms_own_preview_shows_that_change(pair: Pair) -> None:
    planned = pair.platform.run("preview")

    assert planned.paths("update") == {"platform-storage-account": ["allowSharedKeyAccess", "minimumTlsVersion"]}
    assert pair.cloud.subscription.sent
