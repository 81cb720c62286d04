"""A stack with one model that creates its platform: its file, and what a test changes of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.azure.vault_kinds import DATABRICKS
from tests.e2e.azure.created_stack import Cloud, CreatedStack

SERVERLESS = {"compute": "serverless", "egress": ["pypi.org"]}
ACCESS = {"query": ["askers"], "manage": ["engineers"], "execute": ["88888888-8888-4888-8888-888888888888"]}
HUB = "/subscriptions/66666666-6666-6666-6666-666666666666/resourceGroups/hub"
CLASSIC = {
    "compute": "classic",
    "isolated": True,
    "logDays": 90,
    "customerManagedKeys": {"keyVault": "kv-rollpin-nets", "databricks": DATABRICKS},
    "budget": {"amount": 800, "since": "2026-12", "notify": ["ml@example.com"]},
    "network": {
        "addressSpace": "10.20.0.0/22",
        "publicAccess": False,
        "hub": {
            "id": f"{HUB}/providers/Microsoft.Network/virtualNetworks/vnet-hub",
            "addressSpaces": ["10.0.0.0/16"],
        },
    },
}
"""With all that is optional."""
Values = dict[str, Any]


class PlatformStack(CreatedStack):
    """The stack `name`, its storage, catalog and endpoint called alike."""

    def __init__(
        self,
        name: str,
        directory: Path,
        cloud: Cloud,
        metastore: str,
        shape: Mapping[str, Any],
        backend: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name, directory, cloud, backend)
        self._metastore, self._shape = metastore, shape

    def say(self, *, protect: bool = True, version: int | None = None, **create: Any) -> None:
        """Write the stack's file, with other keys of `create` where they are given, and without those that are None."""
        shape = {
            "location": "westeurope",
            "storageAccount": f"rollpin{self.name}",
            "metastoreId": self._metastore,
            "accountId": self.cloud.account.id,
            **self._shape,
            **create,
        }
        model: Values = {"catalog": self.name, "schema": "bots", "createCatalog": True, "access": ACCESS}
        if version:
            model |= {"servedVersion": version, "endpoint": {"name": self.name}}
        config = {
            "rollpin:protect": protect,
            "rollpin:platform": {"create": {key: value for key, value in shape.items() if value is not None}},
            "rollpin:tags": {"team": "chatbot", "environment": self.name},
            "rollpin:models": {"chatbot": model},
        }
        with self.file.open("w") as file:
            YAML().dump({"config": config}, file)

    @property
    def model(self) -> str:
        """The full name of its model."""
        return f"{self.name}.bots.chatbot"

    @property
    def group(self) -> str:
        """The id of its resource group."""
        return f"/subscriptions/{self.cloud.subscription.id}/resourceGroups/rg-rollpin-{self.name}"

    @property
    def account(self) -> str:
        """The id of its storage account."""
        return f"{self.group}/providers/Microsoft.Storage/storageAccounts/rollpin{self.name}"

    def changed(self) -> list[str]:
        """What was made, changed or deleted in Azure since this was asked last: the method, and the end of the id."""
        told = [
            f"{method} {each.rpartition('/')[2]}" for method, each in self.cloud.subscription.sent if method != "GET"
        ]
        self.cloud.subscription.sent.clear()
        return told
