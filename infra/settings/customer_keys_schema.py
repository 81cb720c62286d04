"""The schema of `platform.create.customerManagedKeys`: a key of the stack's own that its data is encrypted by."""

from __future__ import annotations

from pydantic import Field

from infra.settings.frozen import Frozen
from infra.settings.platform_rules import EntraObject, KeyVaultName

APPLICATION = "33333333-4444-5555-6666-777777777777"


class CustomerManagedKeys(Frozen):
    """A Key Vault whose key encrypts the storage, what Databricks itself keeps of the workspace, and clusters' disks.

    Whoever takes the key away takes the data away.
    """

    key_vault: KeyVaultName = Field(description="a Key Vault's name, as a text", examples=["kv-ml-prod"])
    """The name of the vault that is made. It is unique in all of Azure, and taken for 90 days after it was deleted."""
    databricks: EntraObject = Field(description="an object id of Microsoft Entra, as a text", examples=[APPLICATION])
    """The object id of the application AzureDatabricks in your directory, which is to use the key. Each directory has
    another: `az ad sp show --id 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d --query id --output tsv`.
    """
