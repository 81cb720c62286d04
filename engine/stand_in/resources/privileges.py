"""Unity Catalog privileges: who holds what on a securable, and the changes that lead from one to the other."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import ProviderError
from engine.stand_in.resource_type import Api, segment

Held = Mapping[str, frozenset[str]]
"""Privileges by principal."""

SECURABLES = MappingProxyType(
    {
        "catalog": ("catalog", "catalog"),
        "externalLocation": ("external_location", "external_location"),
        "foreignConnection": ("foreign_connection", "connection"),
        "function": ("function", "function"),
        "metastore": ("metastore", "metastore"),
        # Grants on a registered model are addressed as grants on a function.
        "model": ("model", "function"),
        "schema": ("schema", "schema"),
        "storageCredential": ("storage_credential", "storage_credential"),
        "table": ("table", "table"),
        "volume": ("volume", "volume"),
    }
)
"""The input that names a securable, its name in an id, and its type in a path."""

INPUTS = MappingProxyType({name: Attribute(replaces=True) for name in SECURABLES})


def normal(privilege: str) -> str:
    """Write a privilege as Unity Catalog does: `USE CATALOG` is `USE_CATALOG`."""
    return privilege.replace(" ", "_").upper()


PRIVILEGES = Attribute(kind="set", required=True, same=normal)


def held(api: Api, securable: str, name: str) -> dict[str, frozenset[str]]:
    """Ask who holds which privileges directly on a securable."""
    answer = api.call("GET", _path(securable, name))
    assignments = answer.get("privilege_assignments") or ()
    return {each["principal"]: frozenset(map(normal, each.get("privileges") or ())) for each in assignments}


def settle(api: Api, securable: str, name: str, before: Held, after: Held) -> None:
    """Grant and revoke what makes `after` of `before`; asks nothing where they are the same."""
    changes = []
    for principal in sorted(before.keys() | after.keys()):
        had, has = before.get(principal, frozenset()), after.get(principal, frozenset())
        if had != has:
            changes.append({"principal": principal, "add": sorted(has - had), "remove": sorted(had - has)})
    if changes:
        api.call("PATCH", _path(securable, name), body={"changes": changes})


def _path(securable: str, name: str) -> str:
    return f"/api/2.1/unity-catalog/permissions/{SECURABLES[securable][1]}/{segment(name)}"


def securable_of(inputs: Values) -> tuple[str, str]:
    """Find the input that names the securable, and its value."""
    return next((name, str(inputs[name])) for name in SECURABLES if inputs.get(name) is not None)


def identifier(inputs: Values) -> str:
    """Write the id that the released provider gives: `model/main.chatbot.chain`."""
    securable, name = securable_of(inputs)
    return f"{SECURABLES[securable][0]}/{name}"


def parse(resource_id: str, example: str) -> list[str]:
    """Split an id into the input that names the securable, the securable's name and what follows."""
    parts = resource_id.split("/", example.count("/"))
    names = {spelled: name for name, (spelled, _) in SECURABLES.items()}
    if len(parts) != example.count("/") + 1 or parts[0] not in names:
        raise ProviderError(f"found the id {resource_id}, expected one like {example}")
    return [names[parts[0]], *parts[1:]]
