"""What Pulumi.yaml and a stack's file say of where it lives; refused where a bootstrap would make something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from model_ops.errors import BootstrapError
from model_ops.stack import LOCAL, stack_names

SUBSCRIPTION_OF = re.compile(r"/subscriptions/([0-9a-f-]{36})/", re.IGNORECASE)
KEY = re.compile(r"azurekeyvault://([A-Za-z0-9-]+)\.vault\.azure\.net/keys/([A-Za-z0-9-]+)(?:/[0-9a-f]*)?")
"""A key as Pulumi's secrets provider names it, with its version or without."""
EXAMPLE = re.compile(r"([12])\1{7}-\1{4}-\1{4}-\1{4}-\1{12}|https://adb-([12])\2{15}\.\2\.azuredatabricks\.net")
"""The ids and addresses that the stack files come with."""
FILLED_IN = ("platform.adopt.host", "platform.adopt.resourceId", "platform.create.accountId")
"""The settings that a bootstrap goes by, and that come as examples."""


def from_files(stack: str, project: Path, settings: Mapping[str, Any]) -> dict[str, str]:
    """Give the facts that the files say, by name; `settings` are those of the stack's file, without `rollpin:`.

    Raises BootstrapError where a file cannot be read, is as it came, or names another kind of state or of key.
    """
    whole, own = _yaml(project / "Pulumi.yaml"), _yaml(project / f"Pulumi.{stack}.yaml")
    _require_filled_in(stack, settings)
    adopted = SUBSCRIPTION_OF.match(str(settings.get("platform.adopt.resourceId") or ""))
    found = {
        "project": re.sub(r"[^a-z0-9-]+", "-", str(whole.get("name") or project.resolve().name).lower()).strip("-"),
        "subscription": adopted[1] if adopted else "",
        "location": str(settings.get("platform.create.location") or ""),
        "account_id": str(settings.get("platform.create.accountId") or ""),
        **_state(whole),
        **_key(stack, own),
    }
    return {name: value for name, value in found.items() if value}


def sharing(stack: str, project: Path, written: Mapping[str, str], given: Mapping[str, str]) -> tuple[str, ...]:
    """Name the stacks that have their states in the same container; `written` is what the files say, `given` options.

    Raises BootstrapError where the same account would be made in a resource group for each.
    """
    others = tuple(name for name in stack_names(project) if name not in (stack, LOCAL))
    account = written.get("account")
    if not others or not account or given.get("account", account) not in ("", account):
        return ()
    if not given.get("resource_group"):
        raise BootstrapError(_shared(account, (stack, *others)))
    container = written.get("container")
    return others if given.get("container", container) in ("", container) else ()


def _shared(account: str, stacks: tuple[str, ...]) -> str:
    return (
        f"Pulumi.yaml names one place for the states of {', '.join(stacks)}, in the storage account {account}: whoever "
        "deploys one of them could read and write the others' states.\n"
        "To part them, take `backend` out of Pulumi.yaml: each then has an account and a container of its own, and its "
        "workflows and you name it by PULUMI_BACKEND_URL.\n"
        "To share the account all the same, say at each run, for each stack, the resource group that it is in: "
        "--resource-group NAME; and to part the containers in it: --container NAME"
    )


def _state(whole: Mapping[str, Any]) -> dict[str, str]:
    backend = whole.get("backend")
    url = urlsplit(str(backend.get("url") or "") if isinstance(backend, dict) else "")
    if url.scheme not in ("", "azblob"):
        raise BootstrapError(
            # The rest of an address may hold a password.
            f"Pulumi.yaml: `backend` is {url.scheme}://{url.hostname or ''}, expected: azblob://, or none. A bootstrap "
            "makes a place in Azure Blob Storage.\n"
            "Take `backend` out to have it made. To keep the states where they are, make the identities by hand: "
            "docs/delivery.md"
        )
    return {"container": url.netloc, "account": (parse_qs(url.query).get("storage_account") or [""])[0]}


def _key(stack: str, own: Mapping[str, Any]) -> dict[str, str]:
    provider = str(own.get("secretsprovider") or ("passphrase" if "encryptionsalt" in own else ""))
    key = KEY.fullmatch(provider.rstrip("/"))
    if provider and key is None:
        raise BootstrapError(
            f"Pulumi.{stack}.yaml: the secrets are encrypted by {provider.partition('://')[0]}, expected: "
            "azurekeyvault://VAULT.vault.azure.net/keys/KEY, or nothing yet. A bootstrap makes a key in Key Vault.\n"
            "Of a stack that is not there yet, take `secretsprovider` and `encryptionsalt` out. One that is there "
            "keeps its secrets by: pulumi stack change-secrets-provider azurekeyvault://…"
        )
    return {"vault": key[1], "key": key[2]} if key else {}


def _require_filled_in(stack: str, settings: Mapping[str, Any]) -> None:
    found = tuple(_examples(settings))
    if found:
        listed = "\n".join(f"  rollpin:{name}: {value}" for name, value in found)
        raise BootstrapError(
            f"Pulumi.{stack}.yaml still has the example's:\n{listed}\n"
            "Fill in what is marked FILL IN there, then run this again (docs/first-deploy.md)"
        )


def _examples(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in FILLED_IN:
        value = str(settings.get(name) or "")
        if EXAMPLE.search(value):
            yield name, value


def _yaml(path: Path) -> dict[str, Any]:
    try:
        read = YAML(typ="safe").load(path.read_text(errors="replace"))
    except (OSError, YAMLError) as error:
        raise BootstrapError(
            f"{path} cannot be read: {str(error).splitlines()[0]}\nMend it, or go to the checkout."
        ) from None
    return read if isinstance(read, dict) else {}
