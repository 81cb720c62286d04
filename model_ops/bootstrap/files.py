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
from model_ops.example_values import EXAMPLE
from model_ops.stack import LOCAL, stack_names

SUBSCRIPTION_OF = re.compile(r"/subscriptions/([0-9a-f-]{36})/", re.IGNORECASE)
KEY = re.compile(r"azurekeyvault://([A-Za-z0-9-]+)\.vault\.azure\.net/keys/([A-Za-z0-9-]+)(?:/[0-9a-f]*)?")
"""A key as Pulumi's secrets provider names it, with its version or without."""
OF_INIT = re.compile(r"--secrets-provider='?([^'\s]+)")
"""The key in the comment by which `make init` says how the stack is made: until then there is no other."""
FILLED_IN = ("platform.adopt.host", "platform.adopt.resourceId", "platform.create.accountId")
"""The settings that a bootstrap goes by, and that come as examples."""


def from_files(stack: str, project: Path, settings: Mapping[str, Any]) -> dict[str, str]:
    """Give the facts that the files say, by name; `settings` are those of the stack's file, without `rollpin:`.

    Raises BootstrapError where a file cannot be read, is as it came, or names another kind of state or of key.
    """
    whole = _yaml(project / "Pulumi.yaml")
    name = str(whole.get("name") or project.resolve().name)
    _require_filled_in(stack, settings)
    adopted = SUBSCRIPTION_OF.match(str(settings.get("platform.adopt.resourceId") or ""))
    found = {
        "project": re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-"),
        "state": f"{name}/{stack}",
        "subscription": adopted[1] if adopted else "",
        "location": str(settings.get("platform.create.location") or ""),
        "account_id": str(settings.get("platform.create.accountId") or ""),
        **_state(whole),
        **_key(stack, project / f"Pulumi.{stack}.yaml"),
    }
    return {name: value for name, value in found.items() if value}


def of_all_stacks(name: str, written: Mapping[str, str], known: Mapping[str, str]) -> bool:
    """Whether an account or a container is the one that Pulumi.yaml names; `written` is what the files say."""
    return name in written and known.get(name) == written[name]


def sharing(stack: str, project: Path, written: Mapping[str, str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Name the other stacks that have their states in the same container; `known` is what options say too."""
    if not all(of_all_stacks(name, written, known) for name in ("account", "container")):
        return ()
    return tuple(name for name in stack_names(project) if name not in (stack, LOCAL))


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
    if url.scheme and url.path.strip("/"):
        raise BootstrapError(
            f"Pulumi.yaml keeps the state in a directory of a container, {url.path.strip('/')}; roles are for whole "
            f"containers.\nWrite into it: url: azblob://{url.netloc}?{url.query}"
        )
    return {"container": url.netloc, "account": (parse_qs(url.query).get("storage_account") or [""])[0]}


def _key(stack: str, path: Path) -> dict[str, str]:
    provider = _secrets_provider(path)
    key = KEY.fullmatch(provider.rstrip("/"))
    if provider and key is None:
        raise BootstrapError(
            f"Pulumi.{stack}.yaml: the secrets are encrypted by {provider.partition('://')[0]}, expected: "
            "azurekeyvault://VAULT.vault.azure.net/keys/KEY, or nothing yet. A bootstrap makes a key in Key Vault.\n"
            "Of a stack that is not there yet, take `secretsprovider` and `encryptionsalt` out. One that is there "
            "keeps its secrets by: pulumi stack change-secrets-provider azurekeyvault://…"
        )
    return {"vault": key[1], "key": key[2]} if key else {}


def _secrets_provider(path: Path) -> str:
    """By what the secrets are encrypted, or are to be; empty where nothing says it."""
    own = _yaml(path)
    if own.get("secretsprovider"):
        return str(own["secretsprovider"])
    if "encryptionsalt" in own:
        return "passphrase"
    said = OF_INIT.search(path.read_text(errors="replace"))
    return said[1] if said else ""


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
