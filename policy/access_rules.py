"""Who may be given what: groups and service principals, and never everybody the right to change things."""

from __future__ import annotations

from collections.abc import Iterator

from policy import kinds
from policy.circumstances import Circumstances
from policy.kinds import ASSIGNMENT, GRANT, GRANTS, PERMISSIONS, SCOPE_ACL
from policy.resource import Findings, Resource, Untold, Value
from policy.rule import on

EVERYBODY = frozenset({"users", "account users"})
"""The groups of a workspace and of an account that everybody is in."""
OWNER = "ownership"
MANAGING = frozenset({"CAN_MANAGE", "IS_OWNER", "MANAGE", "ALL_PRIVILEGES", "OWNERSHIP"})
OWNED = (
    kinds.CATALOG,
    kinds.SCHEMA,
    kinds.MODEL,
    kinds.VOLUME,
    kinds.STORAGE_CREDENTIAL,
    kinds.EXTERNAL_LOCATION,
)
"""What Unity Catalog knows an owner of, who may do anything with it."""
GIVING = (PERMISSIONS, GRANTS, GRANT, SCOPE_ACL, *OWNED)


@on(*GIVING, ASSIGNMENT)
def groups_not_persons(resource: Resource, stack: Circumstances) -> Findings:
    """Who leaves the company would take the right along, or keep it: put the person into a group, and name that one."""
    for principal, _ in _given(resource, stack):
        if principal.is_untold:
            yield Untold(principal.path)
        elif "@" in principal.text:
            yield f"{principal.path} is a person, {principal.text}"
    if resource.at("principalType").text == "User":
        yield "principalType says that the role is a person's"


@on(*GIVING)
def not_everybody_manages(resource: Resource, stack: Circumstances) -> Findings:
    """Whoever may sign in could change what serves: give `manage` to a group of those who answer for it."""
    for who, rights in _given(resource, stack):
        if who.is_untold:
            yield Untold(who.path)
        elif who.text.lower() in EVERYBODY:
            for right in rights:
                if right.is_untold:
                    yield Untold(right.path)
                elif right.text.upper().replace(" ", "_") in MANAGING:
                    yield f"{right.text} is given to `{who.text}`, which everybody is in"


def _given(resource: Resource, stack: Circumstances) -> Iterator[tuple[Value, list[Value]]]:
    """Each principal with what it is given, on any of the resources that give something."""
    if resource.kind == PERMISSIONS:
        yield from _levels(resource.at("accessControls"))
    elif resource.kind == GRANTS:
        entries = resource.at("grants")
        for each in [entries] if entries.is_untold else entries.items:
            yield each.at("principal"), _listed(each.at("privileges"))
    elif resource.kind == GRANT:
        yield resource.at("principal"), _listed(resource.at("privileges"))
    elif resource.kind == SCOPE_ACL:
        yield resource.at("principal"), [resource.at("permission")]
    elif resource.kind in OWNED:
        owner = resource.at("owner")
        # A model that was taken over keeps whom the workspace names, and no line of the stack says that.
        if resource.kind != kinds.MODEL or owner.is_untold or owner.text in stack.owners:
            yield owner, [Value(OWNER, "owner")]


def _levels(entries: Value) -> Iterator[tuple[Value, list[Value]]]:
    for each in [entries] if entries.is_untold else entries.items:
        for key in ("userName", "groupName", "servicePrincipalName"):
            if (who := each.at(key)).raw is not None:
                yield who, [each.at("permissionLevel")]


def _listed(values: Value) -> list[Value]:
    return [values] if values.is_untold else list(values.items)
