"""The check that the endpoint's identity may load the model.

At run time an endpoint is whoever created it, for ever. It needs EXECUTE on the model, USE_SCHEMA on its schema and
USE_CATALOG on its catalog; an owner holds what is its own.
"""

from __future__ import annotations

from model_ops.checks.privileges import Need, above, grants_of, groups_of, lacking
from model_ops.checks.report import Check, failed, passed, unknown
from model_ops.deployed import DeployedStack
from model_ops.errors import WorkspaceError
from model_ops.target import TargetModel
from model_ops.workspace.access import Access

NAME = "access"


def check_access(stack: DeployedStack, model: TargetModel) -> Check:
    """Look up what the endpoint's creator, or the caller where there is no endpoint yet, may do."""
    try:
        principal, whose = served_as(stack, model)
        access = Access(stack.workspace)
        lacks = lacking(access, access.identities(principal), _needs(model.full_name))
    except WorkspaceError as error:
        return unknown(NAME, f"who may do what cannot be read from here: {error.headline}")
    if not lacks:
        return passed(NAME, f"{whose} holds EXECUTE, USE_SCHEMA and USE_CATALOG")
    if through := groups_of(lacks):
        return unknown(NAME, f"{whose} may hold what it needs through a group, which cannot be told: {through}")
    names = ", ".join(f"{each.need.privilege} on {each.need.name}" for each in lacks)
    grants = grants_of(lacks, principal)
    return failed(NAME, f"{whose} lacks {names}", f"name it under access.execute in the stack's file, or: {grants}")


def served_as(stack: DeployedStack, model: TargetModel) -> tuple[str, str]:
    """Name who the endpoint is at run time, and how it came to that; raises WorkspaceError where that is not told."""
    endpoint = stack.workspace.endpoint(model.endpoint_name)
    principal = str((endpoint or {}).get("creator") or stack.workspace.me())
    return principal, f"{principal}, {f'who created endpoint {model.endpoint_name}' if endpoint else 'the caller'},"


def _needs(full_name: str) -> tuple[Need, ...]:
    model = Need(privilege="EXECUTE", securable="function", collection="models", word="MODEL", name=full_name)
    return (model, *above(full_name))
