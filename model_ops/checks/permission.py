"""Whether a principal has a permission of the workspace that is enough to use a resource."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from model_ops.checks.privileges import APPLICATION
from model_ops.checks.report import Check, failed, passed, unknown
from model_ops.checks.resource_kinds import Guarded
from model_ops.versions.resources import Resource
from model_ops.workspace.client import Workspace

NAME = "resources"
EVERYBODY = "users"
"""The group of everybody in a workspace."""
ADMINS = "admins"
_WHO = ("user_name", "group_name", "service_principal_name")


def permitted(
    workspace: Workspace,
    resource: Resource,
    kind: Guarded,
    there: Mapping[str, Any],
    principal: str,
    names: frozenset[str],
) -> Check:
    """Look for a permission of one of `names`; raises WorkspaceError where the permissions cannot be read."""
    object_id = kind.object_id(resource, there)
    if object_id is None:
        return unknown(NAME, f"{resource}: it has no permissions that can be asked for")
    holders = set(_holders(workspace.ask(f"/api/2.0/permissions/{kind.object_type}/{object_id}"), kind))
    if {name for _, name in holders} & (names | {EVERYBODY}):
        return passed(NAME, str(resource))
    # Groups of the account may be in a group: whether the principal is in one of those, the workspace does not tell.
    if groups := sorted(name for field, name in holders if field == "group_name" and name != ADMINS):
        return unknown(NAME, f"{resource}: it may be used through a group, which cannot be told: {', '.join(groups)}")
    entry = {_field(principal): principal, "permission_level": kind.levels[0]}
    body = shlex.quote(json.dumps({"access_control_list": [entry]}))
    return failed(
        NAME,
        f"{resource} needs {kind.levels[0]}",
        f"databricks permissions update {kind.object_type} {object_id} --json {body}",
    )


def _holders(answer: Mapping[str, Any], kind: Guarded) -> Iterator[tuple[str, str]]:
    for entry in answer.get("access_control_list") or ():
        held = {str(each.get("permission_level")) for each in entry.get("all_permissions") or ()}
        if held & set(kind.levels):
            yield from ((field, str(entry[field])) for field in _WHO if entry.get(field))


def _field(principal: str) -> str:
    if "@" in principal:
        return "user_name"
    return "service_principal_name" if APPLICATION.fullmatch(principal) else "group_name"
