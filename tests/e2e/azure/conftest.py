"""One sandbox that stands for every workspace of the subscription, for all tests of created platforms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from engine import principals, pulumi_cli
from engine.stand_in.announcement import MARK
from engine.stand_in.workspace import Workspace
from infra.proof import azure_api
from sandbox import lifecycle
from sandbox.home import Home
from tests.azure import https_front, plugins
from tests.azure.account import Account
from tests.azure.databricks_double import DatabricksDouble
from tests.azure.provider import TOKEN, AzureDouble
from tests.azure.subscription import Subscription
from tests.e2e.azure.created_stack import Cloud
from tests.e2e.azure.platform_stack import ACCESS

REGIONS = ["West Europe", "North Europe"]
ACCOUNT = "55555555-5555-5555-5555-555555555555"


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A subscription with nothing in it, and a workspace that waits for being made."""
    home = Home(tmp_path_factory.mktemp("azure") / "sandbox")
    lifecycle.start(home)
    try:
        number = httpx.get(f"{home.url}/.well-known/databricks-config").json()["workspace_id"]
        with https_front.before(urlsplit(home.url).port or 0, home.root.parent) as front:
            subscription = Subscription(front.host, number)
            account = Account(ACCOUNT, subscription)
            doubles: dict[str, plugins.Made] = {
                "azure-native": lambda _: AzureDouble(subscription),
                "databricks": lambda address: DatabricksDouble(address, account),
            }
            with plugins.served(doubles) as attached, pytest.MonkeyPatch.context() as patch:
                patch.setattr(azure_api, "fetch", lambda url, token: _answer(subscription, url, token))
                environment = {
                    **attached,
                    MARK: str(home.root.parent / "last-run"),
                    "DATABRICKS_TOKEN": home.token,
                    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                    "PULUMI_HOME": str(home.root.parent / "pulumi"),
                    "PULUMI_SKIP_UPDATE_CHECK": "true",
                    "REQUESTS_CA_BUNDLE": str(front.certificate),
                }
                principals.introduce(home, {name for names in ACCESS.values() for name in names})
                yield Cloud(home, subscription, account, environment, pulumi_cli.find(print).command)
    finally:
        lifecycle.stop(home)


def _answer(azure: Subscription, url: str, token: str) -> Any:
    """What Azure's management says of a subscription, to whoever is signed in."""
    assert token == TOKEN
    path = url.removeprefix(f"{azure_api.MANAGEMENT}/subscriptions/{azure.id}/providers/").partition("?")[0]
    answers: dict[str, Any] = {
        "Microsoft.Authorization/permissions": {"value": [{"actions": ["*"], "notActions": sorted(azure.denied)}]},
        "Microsoft.Databricks": {"resourceTypes": [{"resourceType": "workspaces", "locations": REGIONS}]},
    }
    if path in azure.silent:
        raise azure_api.SilentError("403 Forbidden")
    return answers[path]


@pytest.fixture(scope="session")
def metastore(cloud: Cloud) -> str:
    """The id of the region's metastore: the sandbox's own."""
    found = Workspace(cloud.home.url, cloud.home.token).call("GET", "/api/2.1/unity-catalog/metastore_summary")
    return str(found["metastore_id"])
