"""What a bootstrap must know of a stack, and what the things are called that it makes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from model_ops.bootstrap.repository import Repository

MARK = "rollpin-bootstrap"
"""The tag, with the stack's name, on what a bootstrap made."""
REGION = "location"
"""The reference to the region, in commands that somebody may type."""
UNFIT = re.compile(r"[^a-z0-9]+")
MOST_OF_A_NAME = 24
"""Characters of the name of a storage account or of a Key Vault."""
TOLD_APART = 6
"""Characters that make a name one of a kind in all of Azure."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A stack, where it lives, and who deploys it."""

    stack: str
    project: str
    """The project's name, from Pulumi.yaml."""
    subscription: str
    repository: Repository
    state: str = ""
    """What the state is called in the container: the project's and the stack's name, as Pulumi has them."""
    sharing: tuple[str, ...] = ()
    """The other stacks that have their states in the same container."""
    location: str = ""
    """Azure's region for the state; empty where nothing is to be made."""
    resource_group: str = ""
    account: str = ""
    container: str = ""
    vault: str = ""
    key: str = ""
    host: str = ""
    """The address of the workspace that the stack adopts."""
    creates: bool = False
    """Whether the stack creates its platform; else it adopts a workspace, and needs no right on it."""
    own_keys: bool = False
    """Whether the platform's data is encrypted by a key that the stack makes."""
    providers: tuple[str, ...] = ()
    """Azure's resource providers that the platform needs."""
    account_id: str = ""
    """The Databricks account; empty where nobody said it."""
    application: str = ""
    """What the application that deploys is called; the others' names begin with it."""
    serving: bool = False
    """Whether an identity of its own serves, beside the one that deploys."""

    @property
    def region(self) -> str:
        """The region of the state; a reference where nobody said it, for then nothing is made."""
        return self.location or f"${REGION}"

    @property
    def mark(self) -> str:
        """What the stack's applications say of themselves: a tenant has many stacks and repositories."""
        return f"{MARK}={self.stack} for {self.repository}"

    @property
    def base(self) -> str:
        """What the names of the stack's applications begin with."""
        return self.application or f"{self.project}-{self.stack}"

    @property
    def group(self) -> str:
        """The resource group of the state."""
        return self.resource_group or f"rg-{self.project}-{self.stack}-state"

    @property
    def storage(self) -> str:
        """The storage account of the state, the same at each run."""
        return self.account or self._one_of_a_kind("st", "")

    @property
    def key_vault(self) -> str:
        """The Key Vault, the same at each run."""
        return self.vault or self._one_of_a_kind("kv", "-")

    @property
    def states(self) -> str:
        """The container of the state."""
        return self.container or self._plain("-")

    @property
    def key_name(self) -> str:
        """The key that encrypts the secrets in the state."""
        return self.key or self._plain("-")

    @property
    def scope(self) -> str:
        """The subscription, as a role names it."""
        return f"/subscriptions/{self.subscription}"

    @property
    def container_id(self) -> str:
        """The container, as a role names it."""
        account = f"{self._in_group}/Microsoft.Storage/storageAccounts/{self.storage}"
        return f"{account}/blobServices/default/containers/{self.states}"

    @property
    def vault_id(self) -> str:
        """The Key Vault's resource id."""
        return f"{self._in_group}/Microsoft.KeyVault/vaults/{self.key_vault}"

    @property
    def key_id(self) -> str:
        """The key's resource id."""
        return f"{self.vault_id}/keys/{self.key_name}"

    @property
    def backend(self) -> str:
        """The state's address for Pulumi."""
        return f"azblob://{self.states}?storage_account={self.storage}"

    @property
    def secrets_provider(self) -> str:
        """The key's address for Pulumi."""
        return f"azurekeyvault://{self.key_vault}.vault.azure.net/keys/{self.key_name}"

    @property
    def _in_group(self) -> str:
        return f"{self.scope}/resourceGroups/{self.group}/providers"

    def _plain(self, joint: str) -> str:
        plain = UNFIT.sub(joint, self.stack.lower()).strip("-")
        return plain if len(plain) > 2 else f"state{joint}{plain}"  # Azure wants three characters

    def _one_of_a_kind(self, kind: str, joint: str) -> str:
        """A name out of the stack's that no other subscription has."""
        seed = f"{self.subscription}/{self.project}/{self.stack}".encode()
        end = joint + hashlib.sha256(seed).hexdigest()[:TOLD_APART]
        plain = UNFIT.sub(joint, f"{kind}{joint}{self.project}-{self.stack}".lower())
        return plain[: MOST_OF_A_NAME - len(end)].rstrip("-") + end
