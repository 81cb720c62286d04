"""What a principal needs on objects of Unity Catalog, what of it is lacking, and the grants that mend it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from model_ops.workspace.access import Access

ALL = "ALL_PRIVILEGES"
APPLICATION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Need:
    """A privilege on one object, by its type in the API, its collection there, and its word in SQL."""

    privilege: str
    securable: str
    collection: str
    word: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Lack:
    """A need that nothing fills which can be seen; `groups` hold it, and may or may not have the principal in them."""

    need: Need
    groups: frozenset[str]


def above(full_name: str) -> tuple[Need, ...]:
    """What is needed on the schema and the catalog to reach an object of three names at all."""
    catalog, schema, _ = full_name.split(".")
    names = (("SCHEMA", f"{catalog}.{schema}"), ("CATALOG", catalog))
    return tuple(
        Need(privilege=f"USE_{word}", securable=word.lower(), collection=f"{word.lower()}s", word=word, name=name)
        for word, name in names
    )


def lacking(access: Access, names: Collection[str], needs: Iterable[Need]) -> list[Lack]:
    """Say what of it none of a principal's names holds; an owner holds what is its own. Raises WorkspaceError.

    A workspace tells of its own groups, and not of all groups of the account that a principal is in.
    """
    found = []
    for need in needs:
        able = {who for who, held in access.holders(need.securable, need.name).items() if held & {need.privilege, ALL}}
        able.add(access.owner(need.collection, need.name))
        if not able & set(names):
            found.append(Lack(need=need, groups=frozenset(who for who in able if _is_group(who))))
    return found


def groups_of(lacks: Sequence[Lack]) -> str:
    """Name the groups through which all of it may be held after all; empty where something is held by none."""
    if not all(lack.groups for lack in lacks):
        return ""
    return ", ".join(sorted({group for lack in lacks for group in lack.groups}))


def grants_of(lacks: Iterable[Lack], principal: str) -> str:
    """Write the grants that mend it."""
    needs = [lack.need for lack in lacks]
    return "; ".join(f"GRANT {need.privilege} ON {need.word} {need.name} TO `{principal}`" for need in needs)


def _is_group(principal: str) -> bool:
    """Say whether a principal is a group: a user has an address, a service principal an application id."""
    return "@" not in principal and not APPLICATION.fullmatch(principal)
