"""How the rights on what a stack deployed differ: permissions, grants of Unity Catalog, scopes' ACLs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from model_ops.drift.difference import Difference, Kind, difference
from model_ops.drift.state import Deployed
from model_ops.workspace.client import Workspace

Rights = Mapping[str, frozenset[str]]
"""Levels or privileges by principal."""
NOTHING = "nothing"
PRINCIPALS = {"group_name": "groupName", "user_name": "userName", "service_principal_name": "servicePrincipalName"}
"""Who has a permission, by the REST API's key and the provider's."""
SECURABLES = {
    "catalog": "catalog",
    "schema": "schema",
    "model": "function",
    "function": "function",
    "table": "table",
    "volume": "volume",
    "foreignConnection": "connection",
}
"""What privileges are on, by the provider's key, and how Unity Catalog addresses it."""
ADMINS = "admins"
"""Whose rights on everything nobody can take."""


def permissions(deployed: Deployed, workspace: Workspace, label: str, keepers: frozenset[str]) -> Iterator[Difference]:
    """Compare everybody's level on an endpoint or an experiment; raises AbsentError and WorkspaceError.

    `keepers` may manage it without being named: an endpoint's creator, and whoever runs the `up`.
    """
    was = {_principal(each, PRINCIPALS.values()): each for each in deployed.value("accessControls") or ()}
    said = {who: frozenset({str(each["permissionLevel"])}) for who, each in was.items()}
    answer = workspace.ask(f"/api/2.0/permissions{deployed.id}")
    found: dict[str, frozenset[str]] = {}
    for each in answer.get("access_control_list") or ():
        levels = {str(e["permission_level"]) for e in each.get("all_permissions") or () if not e.get("inherited")}
        if levels:
            found[_principal(each, PRINCIPALS)] = frozenset(levels)
    kept = {ADMINS, *(each.casefold() for each in keepers)} - said.keys()
    found = {who: levels for who, levels in found.items() if who not in kept}
    yield from _differences(deployed, "permissions", label, said, found)


def grants(deployed: Deployed, workspace: Workspace) -> Iterator[Difference]:
    """Compare all privileges on what the stack made, or one principal's on what it only uses."""
    key = next(each for each in SECURABLES if deployed.value(each) is not None)
    said = {str(g["principal"]).casefold(): _privileges(g["privileges"]) for g in _grants(deployed)}
    path = f"/api/2.1/unity-catalog/permissions/{SECURABLES[key]}/{quote(str(deployed.value(key)))}"
    found: dict[str, frozenset[str]] = {}
    for page in workspace.pages(path, {"max_results": 0}):
        for each in page.get("privilege_assignments") or ():
            found[str(each["principal"]).casefold()] = _privileges(each.get("privileges") or ())
    if deployed.type == "Grant":
        found = {who: rights for who, rights in found.items() if who in said}
    label = f"{'registered model' if key == 'model' else key} {deployed.value(key)}"
    yield from _differences(deployed, "grants", label, said, found)


def scope_acl(deployed: Deployed, workspace: Workspace) -> Iterator[Difference]:
    """Compare what one principal may do with a secret scope."""
    who, scope = str(deployed.value("principal")), str(deployed.value("scope"))
    items = workspace.ask("/api/2.0/secrets/acls/list", {"scope": scope}).get("items") or ()
    found = {who: frozenset(str(each["permission"]) for each in items if each["principal"] == who)}
    said = {who: frozenset({str(deployed.value("permission"))})}
    yield from _differences(deployed, "permissions", f"secret scope {scope}", said, found)


def _differences(deployed: Deployed, kind: Kind, label: str, said: Rights, found: Rights) -> Iterator[Difference]:
    for who in sorted(said.keys() | found.keys()):
        was, now = said.get(who, frozenset()), found.get(who, frozenset())
        if was != now:
            yield difference(deployed, kind, f"{label}: what {who} may", _words(was), _words(now))


def _principal(entry: Mapping[str, Any], keys: Iterable[str]) -> str:
    return next((str(entry[key]).casefold() for key in keys if entry.get(key)), "")


def _grants(deployed: Deployed) -> Iterable[Mapping[str, Any]]:
    if deployed.type == "Grant":
        return [{"principal": deployed.value("principal"), "privileges": deployed.value("privileges")}]
    found: Iterable[Mapping[str, Any]] = deployed.value("grants") or ()
    return found


def _privileges(privileges: Iterable[Any]) -> frozenset[str]:
    """Privileges as Unity Catalog writes them: the provider takes `USE CATALOG` too."""
    return frozenset(str(each).replace(" ", "_").upper() for each in privileges)


def _words(rights: frozenset[str]) -> str:
    return ", ".join(sorted(rights)) or NOTHING
