"""The check that the endpoint's identity may load the model.

At run time an endpoint is whoever created it, for ever. It needs EXECUTE on the model, USE_SCHEMA on its schema and
USE_CATALOG on its catalog; an owner holds what is its own.
"""

from __future__ import annotations

import re

from model_ops.checks.report import Check, failed, passed, unknown
from model_ops.deployed import DeployedStack
from model_ops.errors import WorkspaceError
from model_ops.target import TargetModel
from model_ops.workspace.access import Access

NAME = "access"
ALL = "ALL_PRIVILEGES"
APPLICATION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def check_access(stack: DeployedStack, model: TargetModel) -> Check:
    """Look up what the endpoint's creator, or the caller where there is no endpoint yet, may do."""
    try:
        endpoint = stack.workspace.endpoint(model.endpoint_name)
        principal = str((endpoint or {}).get("creator") or stack.workspace.me())
        lacks = _lacks(Access(stack.workspace), principal, model.full_name)
    except WorkspaceError as error:
        return unknown(NAME, f"who may do what cannot be read from here: {error.headline}")
    whose = f"{principal}, who created endpoint {model.endpoint_name}," if endpoint else f"{principal}, the caller,"
    if not lacks:
        return passed(NAME, f"{whose} holds EXECUTE, USE_SCHEMA and USE_CATALOG")
    if all(groups for _, _, groups in lacks):
        through = ", ".join(sorted({group for _, _, groups in lacks for group in groups}))
        return unknown(NAME, f"{whose} may hold what it needs through a group, which cannot be told: {through}")
    grants = "; ".join(f"GRANT {privilege} ON {securable} TO `{principal}`" for privilege, securable, _ in lacks)
    names = ", ".join(f"{privilege} on {securable.split()[-1]}" for privilege, securable, _ in lacks)
    return failed(NAME, f"{whose} lacks {names}", f"name it under access.execute in the stack's file, or: {grants}")


def _lacks(access: Access, principal: str, full_name: str) -> list[tuple[str, str, frozenset[str]]]:
    """The privileges that a principal lacks, on what, and the groups that hold each.

    A workspace tells of its own groups, and not of all groups of the account that a principal is in.
    """
    catalog, schema, _ = full_name.split(".")
    needed = (
        ("EXECUTE", "function", "models", "MODEL", full_name),
        ("USE_SCHEMA", "schema", "schemas", "SCHEMA", f"{catalog}.{schema}"),
        ("USE_CATALOG", "catalog", "catalogs", "CATALOG", catalog),
    )
    names = access.identities(principal)
    lacks = []
    for privilege, securable, collection, word, name in needed:
        able = {who for who, held in access.holders(securable, name).items() if held & {privilege, ALL}}
        able.add(access.owner(collection, name))
        if not able & names:
            lacks.append((privilege, f"{word} {name}", frozenset(who for who in able if _is_group(who))))
    return lacks


def _is_group(principal: str) -> bool:
    """Say whether a principal is a group: a user has an address, a service principal an application id."""
    return "@" not in principal and not APPLICATION.fullmatch(principal)
