"""Says what a stack's access lists will take from somebody who has it now, before they do: they are the only ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pulumi

from infra.proof.claims import Claims, Replaced
from infra.proof.others import held
from infra.proof.thing import Body
from infra.proof.workspace_api import UnansweredError
from infra.settings import printable

AT_ONCE = 8
RANK = {level: rank for rank, level in enumerate(("CAN_VIEW", "CAN_READ", "CAN_QUERY", "CAN_EDIT", "CAN_MANAGE"))}
"""Each level holds those before it, as far as it has them."""


def tell(claims: Claims, file: str) -> None:
    """Say in a preview, a line for each, what `file` will take away; what the workspace does not say is left out."""
    if not (pulumi.runtime.is_dry_run() and claims.replaced and claims.caller):
        return
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for lines in threads.map(lambda each: _lines(claims, each, file), claims.replaced):
            for line in lines:
                pulumi.log.warn(line)


def _lines(claims: Claims, replaced: Replaced, file: str) -> Sequence[str]:
    thing = replaced.thing
    try:
        found = claims.get(thing.path)
        access = thing.access_of(found) if found else None
        body = claims.get(access.path) if access else None
    except UnansweredError:
        return ()
    why = f"`access` of {thing.taker} in {file} does not give it, and says all that there is"
    return [
        printable.line(f"{who} will lose {', '.join(lost)} on {thing.label}: {why}")
        for who, lost in losses(body or {}, replaced.wanted, claims.caller)
    ]


def losses(body: Body, wanted: Mapping[str, Sequence[str]], caller: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Who holds what that is not `wanted`; administrators, the caller and what is inherited stay as they are."""
    for who, privileges in held(body).items():
        if lost := [each for each in privileges if each not in wanted.get(who, ())]:
            yield who, lost
    for entry in body.get("access_control_list") or ():
        who = str(entry.get("group_name") or entry.get("service_principal_name") or entry.get("user_name"))
        levels = [str(each["permission_level"]) for each in entry["all_permissions"] if not each.get("inherited")]
        most = max((RANK[each] for each in wanted.get(who, ())), default=-1)
        lost = [each for each in levels if RANK.get(each, len(RANK)) > most]
        if lost and who not in ("admins", caller):
            yield who, lost
