"""Permissions that were set on an object itself: who may do what with it, as the workspace keeps them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sandbox.workspace.stores.documents import Document, Documents
from sandbox.workspace.stores.workspace import ADMIN

Access = dict[str, str]
"""One direct permission: one of user_name, group_name, service_principal_name, and permission_level."""


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """An object with permissions; `made_at` tells it from a later one with the same id, 0 where no id comes again."""

    object_type: str
    object_id: str
    made_at: int = 0

    @property
    def key(self) -> str:
        """The name of its record."""
        return f"{self.object_type}/{self.object_id}"


def direct(documents: Documents, guarded: Guarded) -> list[Access]:
    """Give the permissions that were set on the object itself; at first its creator's."""
    found = documents.get("permissions", guarded.key)
    # A record of an object of the same id that is gone does not count.
    if found is None or found.get("object_made_at", guarded.made_at) != guarded.made_at:
        return [{"user_name": ADMIN, "permission_level": "CAN_MANAGE"}]
    return list(found["direct"])


def write(documents: Documents, guarded: Guarded, entries: list[Access]) -> None:
    """Set the permissions of the object itself."""
    documents.put("permissions", guarded.key, {"object_made_at": guarded.made_at, "direct": entries})


def move(documents: Documents, guarded: Guarded, object_id: str) -> None:
    """Carry the permissions of an object over to its new id."""
    write(documents, replace(guarded, object_id=object_id), direct(documents, guarded))
    drop_permissions(documents, guarded.object_type, guarded.object_id)


def drop_permissions(documents: Documents, object_type: str, object_id: str) -> None:
    """Forget the permissions of an object that is gone."""
    documents.delete("permissions", Guarded(object_type=object_type, object_id=object_id).key)


def drop_permitted(documents: Documents, principal: str) -> None:
    """Forget what a principal that is gone was permitted."""
    for key, found in documents.all("permissions").items():
        kept: list[Document] = [entry for entry in found["direct"] if principal not in entry.values()]
        if kept != found["direct"]:
            documents.put("permissions", key, found | {"direct": kept})
