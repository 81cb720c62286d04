"""The steps that give a stack's identities their roles in Azure: what each needs, on what it needs it, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model_ops.bootstrap.command import Command
from model_ops.bootstrap.facts import Facts
from model_ops.bootstrap.identity_steps import Identity, identities
from model_ops.bootstrap.step import AnyStep, Ban, Look, Step

BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
"""Azure's built-in role Storage Blob Data Contributor: a platform gives it to its access connector."""
KEY_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
"""Key Vault Crypto Service Encryption User: a platform with a key of its own gives it to who encrypts by that."""
ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role of Azure's, on what, and why."""

    name: str
    scope: str
    where: str
    purpose: str
    condition: str = ""


def condition(given: tuple[str, ...]) -> str:
    """Word that whoever holds a role may give and take these roles alone, by their ids.

    https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
    """
    ids = ", ".join(given)
    parts = (
        f"((!(ActionMatches{{'{ASSIGNMENTS}/{action}'}})) OR "
        f"({which}[{ASSIGNMENTS}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{ids}}}))"
        for action, which in (("write", "@Request"), ("delete", "@Resource"))
    )
    return " AND ".join(parts)


def role_steps(facts: Facts) -> Iterator[AnyStep]:
    """Give a step for each role of each identity, and one that finds what they hold beside those."""
    for identity in identities(facts):
        wanted = tuple(roles(facts, identity.role))
        for role in wanted:
            yield _role(facts, identity, role)
        yield _no_more(facts, identity, wanted)


def roles(facts: Facts, identity: str) -> Iterator[Role]:
    """Name the roles of one identity; the one that serves has none.

    One that deploys a stack which adopts its workspace has no role on the platform: Databricks alone says what it may
    do there.
    """
    if identity == "serving":
        return
    deploys, container = identity == "deploy", f"the container {facts.states}"
    yield Role(
        name="Storage Blob Data Contributor" if deploys else "Storage Blob Data Reader",
        scope=facts.container_id,
        where=container,
        purpose="It writes the stack's state." if deploys else "It reads the stack's state, and cannot write it.",
    )
    yield Role(
        name="Key Vault Crypto User",
        scope=facts.key_id,
        where=f"the key {facts.key_name}",
        purpose=(
            "It encrypts and decrypts the secrets in the state by the key. It cannot read the private key, but could "
            "change the key's attributes, and so disable it."
        ),
    )
    if facts.creates:
        yield from _on_the_platform(facts, deploys=deploys)


def _on_the_platform(facts: Facts, *, deploys: bool) -> Iterator[Role]:
    where = "the subscription"
    if not deploys:
        yield Role(name="Reader", scope=facts.scope, where=where, purpose="It compares the platform with the stack.")
        return
    yield Role(
        name="Contributor",
        scope=facts.scope,
        where=where,
        purpose="The stack creates its resource group and what is in it; until then there is nothing smaller to name.",
    )
    yield Role(
        name="User Access Administrator",
        scope=facts.scope,
        where=where,
        purpose=(
            "The stack sets a lock, and gives Azure's services their roles on its storage and its keys. The condition "
            "lets it give or take no other role, Owner for one. It does not limit on what, nor to whom."
        ),
        condition=condition((BLOB_CONTRIBUTOR, KEY_USER) if facts.own_keys else (BLOB_CONTRIBUTOR,)),
    )


def _role(facts: Facts, identity: Identity, role: Role) -> Step:
    conditioned = {"condition": role.condition, "condition_version": "2.0"} if role.condition else {}
    taken = Command.of("role assignment delete", ids="$found_id")
    given = Command.of(
        "role assignment create",
        assignee_object_id=f"${identity.principal}",
        assignee_principal_type="ServicePrincipal",
        role=role.name,
        scope=role.scope,
        subscription=facts.subscription,
        **conditioned,
    )
    return Step(
        label=f"{role.name} for {identity.name} on {role.where}",
        purpose=role.purpose,
        look=Look(
            command=_held(facts, identity),
            among={"roleDefinitionName": role.name, "scope": role.scope},
        ),
        do=given,
        expected={"condition": role.condition or None},
        mend=(taken, given),
        undo=taken,
    )


def _no_more(facts: Facts, identity: Identity, wanted: tuple[Role, ...]) -> Ban:
    return Ban(
        label=f"other roles of {identity.name}",
        purpose="What it holds beside these, whoever runs a workflow holds too.",
        look=Look(command=_held(facts, identity)),
        mend=Command.of("role assignment delete", ids="$found_id"),
        name="roleDefinitionName",
        allowed=tuple({"roleDefinitionName": role.name, "scope": role.scope} for role in wanted),
    )


def _held(facts: Facts, identity: Identity) -> Command:
    listed = Command.of(
        "role assignment list", assignee_object_id=f"${identity.principal}", subscription=facts.subscription
    )
    return listed.flagged("--all")
