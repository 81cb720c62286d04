"""Where Pulumi's state lives, as its command line addresses it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from model_ops.errors import TemplateError

CLOUD = "https://api.pulumi.com"
ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
CONTAINER = re.compile(r"[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}")
VAULT = re.compile(r"[A-Za-z](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){2,23}")
DIRECTORY = re.compile(r"[^\s?#%\"'\\\x00-\x1f\x7f]+")


def blob(account: str, container: str) -> str:
    """Address a container of Azure Blob Storage; raises TemplateError where Azure has no such names."""
    if not ACCOUNT.fullmatch(account):
        raise TemplateError(
            f"No storage account is called {account!r}. Allowed: 3 to 24 lower-case letters and digits. "
            "As in: --storage-account acmestate"
        )
    if not CONTAINER.fullmatch(container):
        raise TemplateError(
            f"No container is called {container!r}. Allowed: 3 to 63 lower-case letters, digits and single `-`. "
            "As in: --container state"
        )
    return f"azblob://{container}?storage_account={account}"


def key_vault(vault: str) -> str:
    """Address a Key Vault, whose keys bear the stacks' names; raises TemplateError where Azure has no such name."""
    if not VAULT.fullmatch(vault):
        raise TemplateError(
            f"No Key Vault is called {vault!r}. Allowed: 3 to 24 letters, digits and single `-`, the first a letter. "
            "As in: --key-vault kv-acme"
        )
    return f"azurekeyvault://{vault}.vault.azure.net/keys"


def directory(path: str) -> str:
    """Address a directory; raises TemplateError where it is not named in full, for people work in several places."""
    if not DIRECTORY.fullmatch(path) or not (PurePosixPath(path).is_absolute() or path.startswith("~/")):
        raise TemplateError(
            f"State cannot be in {path!r}. Expected: a directory's full path, without spaces or quotes. "
            "As in: --directory /srv/pulumi-state"
        )
    return f"file://{path}"
