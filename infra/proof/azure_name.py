"""Names that nobody else in all of Azure may have: Azure refuses a second one half-way through the first `up`."""

from __future__ import annotations

import secrets
import socket
from dataclasses import dataclass

from infra.settings.mistake import told
from model_ops.commands import Commands


@dataclass(frozen=True, kw_only=True)
class AzureName:
    """One of them; whoever has it answers at `name.zone`."""

    noun: str
    name: str
    zone: str
    setting: str
    """Where a stack's file names it, below `rollpin:platform.create`."""
    ask: str
    """The command that asks Azure about it."""

    @property
    def label(self) -> str:
        """What it is and which."""
        return f"{self.noun} {self.name}"

    @property
    def is_taken(self) -> bool:
        """Whether somebody has it, as far as this machine can tell: its resolver may know no name, or every one."""
        return _resolves(f"{self.name}.{self.zone}") and not _resolves(f"{secrets.token_hex(10)}.{self.zone}")

    def refusal(self, commands: Commands) -> str:
        """Say that it is taken, and what to type."""
        return told(
            f"  rollpin:platform.create.{self.setting}",
            f"{self.label}, a name that somebody in Azure has already: {self.name}.{self.zone} is known",
            "a name that nobody has, or this stack's own",
            f"in {commands.file}, write another one; to see whether it is free: {self.ask} --name <name>",
            f"or, if a run of this stack that was killed made it: pulumi import --stack {commands.stack}",
        )


def storage_account(name: str) -> AzureName:
    """A storage account's."""
    return AzureName(
        noun="storage account",
        name=name,
        zone="blob.core.windows.net",
        setting="storageAccount",
        ask="az storage account check-name",
    )


def key_vault(name: str) -> AzureName:
    """A Key Vault's."""
    return AzureName(
        noun="Key Vault",
        name=name,
        zone="vault.azure.net",
        setting="customerManagedKeys.keyVault",
        ask="az keyvault check-name",
    )


def _resolves(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None))
    except OSError:
        return False
