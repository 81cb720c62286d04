"""The check that what a model declares to use is there, and that its endpoint may use it.

Databricks lets an endpoint use the resources of its model without a token of its own, if its creator may.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from model_ops.checks.access import served_as
from model_ops.checks.permission import permitted
from model_ops.checks.privileges import grants_of, groups_of, lacking
from model_ops.checks.report import Check, failed, passed, unknown
from model_ops.checks.resource_kinds import KINDS, Guarded, Securable
from model_ops.deployed import DeployedStack
from model_ops.errors import AbsentError, WorkspaceError
from model_ops.target import TargetModel
from model_ops.versions.resources import Declared, Resource
from model_ops.workspace.access import Access

NAME = "resources"
AT_ONCE = 4
MOST = 100
"""Resources that are asked for: each costs a few calls."""
AGAIN = "create it, or log the model again with the resources that it uses and register it as a new version"


def check_resources(stack: DeployedStack, model: TargetModel, declared: Declared) -> Check:
    """Ask for each resource whether it exists, and whether the endpoint's creator may use it."""
    if not declared.resources:
        return _none(declared)
    try:
        principal, whose = served_as(stack, model)
        names = Access(stack.workspace).identities(principal)
    except WorkspaceError as error:
        return unknown(NAME, f"who uses them cannot be read from here: {error.headline}")
    one = _One(stack, principal, names)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(one.check, declared.resources[:MOST]))
    return _together(found, whose, _left_out(declared))


class _One:
    """Asks for one resource after the other, for the same principal."""

    def __init__(self, stack: DeployedStack, principal: str, names: frozenset[str]) -> None:
        self._workspace, self._principal, self._names = stack.workspace, principal, names

    def check(self, resource: Resource) -> Check:
        """Say whether it exists and may be used."""
        kind = KINDS.get(resource.kind)
        if kind is None:
            return unknown(NAME, f"{resource}: no way is known to ask for one")
        if isinstance(kind, Securable) and not kind.named_well(resource.name):
            return failed(NAME, f"{resource}: its name has not the three parts catalog.schema.name", AGAIN)
        try:
            return self._ask(resource, kind)
        except WorkspaceError as error:
            return unknown(NAME, f"{resource}: it cannot be asked for from here: {error.headline}")

    def _ask(self, resource: Resource, kind: Securable | Guarded) -> Check:
        try:
            there = self._workspace.ask(f"{kind.path}/{quote(resource.name, safe='')}")
        except AbsentError:
            return failed(NAME, f"{resource} does not exist", AGAIN)
        if resource.on_behalf_of_user:
            return passed(NAME, str(resource))
        if isinstance(kind, Guarded):
            return permitted(self._workspace, resource, kind, there, self._principal, self._names)
        return self._privileged(resource, kind)

    def _privileged(self, resource: Resource, kind: Securable) -> Check:
        lacks = lacking(Access(self._workspace), self._names, kind.needs(resource.name))
        if not lacks:
            return passed(NAME, str(resource))
        if through := groups_of(lacks):
            return unknown(NAME, f"{resource}: it may be used through a group, which cannot be told: {through}")
        wanted = ", ".join(f"{each.need.privilege} on {each.need.name}" for each in lacks)
        return failed(NAME, f"{resource} needs {wanted}", grants_of(lacks, self._principal))


def _none(declared: Declared) -> Check:
    if declared.problem:
        return unknown(NAME, f"what it declares cannot be read: {declared.problem}")
    return passed(NAME, "it declares none")


def _left_out(declared: Declared) -> list[str]:
    beyond = len(declared.resources) - MOST
    said = [f"the last {beyond} of them were not asked for"] if beyond > 0 else []
    return [*said, f"some cannot be read: {declared.problem}"] if declared.problem else said


def _together(checks: list[Check], whose: str, left_out: list[str]) -> Check:
    """One check of all: it fails where one does, and names nothing that is as it should be beside it."""
    short = [check for check in checks if check.outcome == "failed"]
    untold = [check.found for check in checks if check.outcome == "unknown"] + left_out
    if short:
        mends = "; ".join(dict.fromkeys(str(check.mend) for check in short))
        found = [check.found for check in short]
        return failed(NAME, f"{whose} cannot use what it declares: {'; '.join(found + untold)}", mends)
    if untold:
        return unknown(NAME, "; ".join(untold))
    return passed(NAME, f"{whose} may use what it declares: {'; '.join(check.found for check in checks)}")
