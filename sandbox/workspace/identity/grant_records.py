"""Privileges on Unity Catalog's objects: which there are, and who holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sandbox.workspace.api.errors import invalid
from sandbox.workspace.stores.documents import Document, Documents

_EVERYWHERE = frozenset({"ALL_PRIVILEGES", "APPLY_TAG", "MANAGE"})
_MODEL = _EVERYWHERE | {"EXECUTE"}
_SCHEMA = _MODEL | {
    "CREATE_FUNCTION",
    "CREATE_MATERIALIZED_VIEW",
    "CREATE_MODEL",
    "CREATE_MODEL_VERSION",
    "CREATE_TABLE",
    "CREATE_VOLUME",
    "EXTERNAL_USE_SCHEMA",
    "MODIFY",
    "READ_VOLUME",
    "REFRESH",
    "SELECT",
    "USE_SCHEMA",
    "WRITE_VOLUME",
}
PRIVILEGES: Mapping[str, frozenset[str]] = {
    "catalog": _SCHEMA | {"BROWSE", "CREATE_SCHEMA", "USE_CATALOG"},
    "schema": _SCHEMA,
    "function": _MODEL,
    "table": _EVERYWHERE | {"MODIFY", "SELECT"},
    "volume": _EVERYWHERE | {"READ_VOLUME", "WRITE_VOLUME"},
}
"""Privileges by securable type, from Databricks' list: a registered model is a `function`, an index a `table`."""


def normalise(privileges: Sequence[str], kind: str, name: str) -> set[str]:
    """Give privileges in Unity Catalog's spelling; raises ApiError for one that `kind` does not have."""
    found = {privilege.upper().replace(" ", "_") for privilege in privileges}
    for privilege in sorted(found - PRIVILEGES[kind]):
        allowed = ", ".join(sorted(PRIVILEGES[kind]))
        raise invalid(
            f"Privilege {privilege} is not applicable to this entity [{name}:{kind.upper()}]; it has {allowed}."
        )
    return found


def assignments(documents: Documents, kind: str, name: str, made_at: int) -> dict[str, list[str]]:
    """Give privileges by principal; those of an object of the same name that is gone do not count."""
    found = documents.get("grants", _key(kind, name))
    if found is None or found["object_made_at"] != made_at:
        return {}
    return dict(found["privileges"])


def assign(documents: Documents, kind: str, name: str, made_at: int, privileges: Mapping[str, set[str]]) -> None:
    """Write who holds what; principals without a privilege are left out."""
    kept = {principal: sorted(held) for principal, held in sorted(privileges.items()) if held}
    documents.put("grants", _key(kind, name), {"object_made_at": made_at, "privileges": kept})


def drop_grants(documents: Documents, kind: str, name: str) -> None:
    """Forget who holds what on an object that is gone."""
    documents.delete("grants", _key(kind, name))


def drop_grantee(documents: Documents, principal: str) -> None:
    """Forget what a principal that is gone holds."""
    for key, found in documents.all("grants").items():
        if found["privileges"].pop(principal, None):
            documents.put("grants", key, found)


def view(privileges: Mapping[str, Sequence[str]]) -> Document:
    """Show assignments as the API does."""
    return {
        "privilege_assignments": [
            {"principal": principal, "privileges": list(held)} for principal, held in privileges.items()
        ]
    }


def _key(kind: str, name: str) -> str:
    return f"{kind}/{name}"
