"""The check that the secrets can be had which a version's environment refers to. It reads no value.

A model server gets them as it starts, by the rights of whoever created the endpoint.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from model_ops.checks.report import Check, failed, passed, unknown
from model_ops.checks.stated_environment import stated_environment
from model_ops.deployed import DeployedStack
from model_ops.errors import WorkspaceError
from model_ops.secret_reference import SecretReference, in_environment
from model_ops.served import Endpoint, traffic_of
from model_ops.target import TargetModel
from model_ops.workspace.access import Access
from model_ops.workspace.secret_scopes import Scope, SecretScopes

NAME = "secrets"
EVERYBODY = "users"
"""The group that every principal of a workspace is in."""


@dataclass(frozen=True)
class Lack:
    """Something that is missing, and what mends that; without a `mend` it could not be told."""

    found: str
    mend: str = ""


def check_secrets(stack: DeployedStack, model: TargetModel, number: int) -> Check | None:
    """Look for each scope, key and permission that version `number` would need; None where it refers to no secret."""
    try:
        endpoint = stack.workspace.endpoint(model.endpoint_name) or {}
        said = stated_environment(stack.file, model.name, number)
        environment = live_environment(endpoint, model.full_name, number) if said is None else said
        references = sorted(set(in_environment(environment).values()))
        if not references:
            return None
        principal = str(endpoint.get("creator") or stack.workspace.me())
        lacks = list(_lacks(stack, references, principal))
    except WorkspaceError as error:
        return unknown(NAME, f"which secrets there are cannot be read from here: {error.headline}")
    return _verdict(lacks, references, principal)


def live_environment(endpoint: Endpoint, full_name: str, number: int) -> Mapping[str, str]:
    """Give the variables that a version would get where no stack names any: its own, or else of the one that serves.

    So does a rollout: a version that is not deployed yet takes over the environment of the one with most traffic.
    """
    active = {**endpoint, "config": endpoint.get("config") or endpoint.get("pending_config") or {}}
    entities = {
        int(each["entity_version"]): each
        for each in active["config"].get("served_entities") or ()
        if each.get("entity_name") == full_name
    }
    shares = traffic_of(active, full_name)
    first = max(shares, key=lambda version: shares[version], default=0)
    found = entities.get(number) or entities.get(first) or {}
    return found.get("environment_vars") or {}


def _verdict(lacks: Sequence[Lack], references: Sequence[SecretReference], principal: str) -> Check:
    found = "; ".join(lack.found for lack in lacks)
    if mends := [lack.mend for lack in lacks if lack.mend]:
        return failed(NAME, found, "; ".join(mends))
    if lacks:
        return unknown(NAME, found)
    names = ", ".join(f"{each.scope}/{each.key}" for each in references)
    return passed(NAME, f"{names}: there, and {principal} may read them")


def _lacks(stack: DeployedStack, references: Sequence[SecretReference], principal: str) -> Iterator[Lack]:
    scopes, there = SecretScopes(stack.workspace), SecretScopes(stack.workspace).all()
    names: frozenset[str] | None = None
    for name, group in groupby(references, key=lambda each: each.scope):
        keys = [reference.key for reference in group]
        scope = there.get(name.casefold())
        if scope is None:
            create = f"name it under rollpin:secretScopes, or: databricks secrets create-scope {name}"
            yield Lack(f"secret scope {name} does not exist", create)
            yield from (Lack(f"so {name} has no key {key}", _put(Scope(name), key)) for key in keys)
            continue
        yield from _missing_keys(scopes, scope, keys)
        names = names or Access(stack.workspace).identities(principal) | {EVERYBODY}
        yield from _missing_permission(scopes, scope, principal, names)


def _missing_keys(scopes: SecretScopes, scope: Scope, keys: Sequence[str]) -> Iterator[Lack]:
    try:
        held = scopes.keys(scope.name)
    except WorkspaceError as error:
        yield Lack(f"which keys scope {scope.name} has cannot be read from here: {error.headline}")
        return
    yield from (Lack(f"scope {scope.name} has no key {key}", _put(scope, key)) for key in keys if key not in held)


def _missing_permission(scopes: SecretScopes, scope: Scope, principal: str, names: frozenset[str]) -> Iterator[Lack]:
    try:
        readers = scopes.readers(scope.name)
    except WorkspaceError as error:
        yield Lack(f"who may read scope {scope.name} cannot be told from here: {error.headline}")
        return
    if not readers & names:
        allow = f"databricks secrets put-acl {scope.name} {shlex.quote(principal)} READ"
        yield Lack(
            f"{principal}, who serves, lacks READ on scope {scope.name}",
            f"name it under access.read of the scope in the stack's file, or: {allow}",
        )


def _put(scope: Scope, key: str) -> str:
    """What asks for a value and puts it; a Key Vault's secrets are put in Azure."""
    if scope.vault:
        return f"az keyvault secret set --vault-name {scope.vault} --name {key} --file FILE"
    return f"databricks secrets put-secret {scope.name} {key}"
