"""Who gets which privilege on what, worked out from the models' access lists.

A principal is named once on each thing, with all that it gets there: the provider keeps only the last of two entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from infra.settings.catalog_schema import SchemaAccess
from infra.settings.schema import Access
from infra.settings.secret_scope import ScopeAccess

Privileges = Mapping[str, tuple[str, ...]]
"""Unity Catalog privileges by principal, in alphabetical order."""

Level = Literal["CAN_MANAGE", "CAN_QUERY", "CAN_READ", "CAN_VIEW"]
ScopePermission = Literal["READ", "WRITE", "MANAGE"]
Kind = Literal["group_name", "service_principal_name", "user_name"]

MODEL = MappingProxyType({"manage": ("APPLY_TAG", "EXECUTE", "MANAGE"), "execute": ("EXECUTE",)})
SCHEMA = MappingProxyType({"manage": ("CREATE_MODEL_VERSION", "USE_SCHEMA"), "execute": ("USE_SCHEMA",)})
CATALOG = MappingProxyType({"manage": ("USE_CATALOG",), "execute": ("USE_CATALOG",)})
ROLES = MappingProxyType(
    {
        **SCHEMA,
        "read": ("READ_VOLUME", "SELECT", "USE_SCHEMA"),
        "deploy": ("CREATE_MODEL", "CREATE_TABLE", "USE_SCHEMA"),
    }
)
"""What those of a platform stack's lists get in a schema, whichever stacks serve from it."""
APPLICATION_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def on_model(lists: Iterable[Access]) -> Privileges:
    """Privileges on a registered model itself, for the entries that serve it."""
    return _privileges(lists, MODEL)


def on_schema(lists: Iterable[Access], readers: Iterable[str] = ()) -> Privileges:
    """Privileges on a schema, for the models in it and the readers of what else is in it."""
    return _with_readers(readers, _privileges(lists, SCHEMA), SCHEMA["execute"])


def on_catalog(lists: Iterable[Access], readers: Iterable[str] = ()) -> Privileges:
    """Privileges on a catalog, for the models in it and the readers of what else is in it."""
    return _with_readers(readers, _privileges(lists, CATALOG), CATALOG["execute"])


def in_schema(access: SchemaAccess) -> Privileges:
    """Privileges on a schema of a platform stack's, by role."""
    return _privileges([access], ROLES)


def in_catalog(principals: Iterable[str]) -> Privileges:
    """Privileges on a catalog of a platform stack's: everybody with a role in it may use it, and no more."""
    return dict.fromkeys(sorted(principals), CATALOG["execute"])


def on_table_schema(readers: Iterable[str]) -> Privileges:
    """Privileges on the schema that an inference table is in: on the table there is none before it is there."""
    return dict.fromkeys(sorted(readers), ("SELECT", "USE_SCHEMA"))


def on_endpoint(access: Access, asked_by: Iterable[str] = ()) -> Mapping[str, Level]:
    """Permission levels on a serving endpoint, also for what serves other models; each level holds those below it."""
    levels: dict[str, Level] = dict.fromkeys(access.view, "CAN_VIEW")
    levels |= dict.fromkeys([*access.query, *asked_by], "CAN_QUERY")
    levels |= dict.fromkeys(access.manage, "CAN_MANAGE")
    return dict(sorted(levels.items()))


def on_experiment(access: Access) -> Mapping[str, Level]:
    """Permission levels on an experiment."""
    levels: dict[str, Level] = dict.fromkeys(access.view, "CAN_READ")
    levels |= dict.fromkeys(access.manage, "CAN_MANAGE")
    return dict(sorted(levels.items()))


def on_scope(access: ScopeAccess) -> Mapping[str, ScopePermission]:
    """Permissions on a secret scope; whoever manages it may write, and whoever writes may read."""
    held: dict[str, ScopePermission] = dict.fromkeys(access.read, "READ")
    held |= dict.fromkeys(access.write, "WRITE")
    held |= dict.fromkeys(access.manage, "MANAGE")
    return dict(sorted(held.items()))


def kind(principal: str) -> Kind:
    """What a principal's name says it is: a service principal goes by its application id, a user by an address."""
    if APPLICATION_ID.fullmatch(principal):
        return "service_principal_name"
    return "user_name" if "@" in principal else "group_name"


def _with_readers(readers: Iterable[str], own: Privileges, privileges: tuple[str, ...]) -> Privileges:
    """Who is in an access list has what readers get already."""
    return dict(sorted({**dict.fromkeys(readers, privileges), **own}.items()))


def _privileges(lists: Iterable[Access | SchemaAccess], by_role: Mapping[str, tuple[str, ...]]) -> Privileges:
    gathered: dict[str, set[str]] = {}
    for access in lists:
        for role, privileges in by_role.items():
            for principal in getattr(access, role):
                gathered.setdefault(principal, set()).update(privileges)
    return {principal: tuple(sorted(privileges)) for principal, privileges in sorted(gathered.items())}
