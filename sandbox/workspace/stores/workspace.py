"""What every part of the API works on."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request

from sandbox.home import Home
from sandbox.workspace.stores.deployments import Deployments
from sandbox.workspace.stores.documents import Documents
from sandbox.workspace.stores.registered_models import Registry

ADMIN = "admin@sandbox.local"
"""The one identity that calls this workspace: whoever holds its token."""


@dataclass(frozen=True)
class Workspace:
    """The workspace's own objects, MLflow's registry, the router, and where files are."""

    documents: Documents
    registry: Registry
    deployments: Deployments
    home: Home
    _locks: Sequence[threading.Lock] = field(default_factory=lambda: [threading.Lock() for _ in range(64)])

    def changing(self, thing: str) -> threading.Lock:
        """Give the lock to hold while an endpoint changes, its record and deployment together, or a version's files."""
        # A fixed number of locks, so that no request can make the process grow; two names rarely share one.
        return self._locks[hash(thing) % len(self._locks)]

    @property
    def workspace_id(self) -> int:
        """The workspace's number, chosen at the first start."""
        return int(self._facts()["workspace_id"])

    @property
    def metastore_id(self) -> str:
        """The metastore's id, chosen at the first start."""
        return str(self._facts()["metastore_id"])

    def _facts(self) -> dict[str, Any]:
        # Without a transaction first: clients ask for the number before each thing that they do.
        if (known := self.documents.get("workspace", "facts")) is not None:
            return known
        with self.documents.transaction():
            facts = self.documents.get("workspace", "facts")
            if facts is None:
                facts = {"workspace_id": number(), "metastore_id": identifier(), "created_at": now()}
                self.documents.put("workspace", "facts", facts)
            return facts


def _here(request: Request) -> Workspace:
    found: Workspace = request.app.state.workspace
    return found


Here = Annotated[Workspace, Depends(_here)]


def now() -> int:
    """Tell the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def number() -> int:
    """Draw a number of sixteen digits, as Databricks gives to workspaces and principals."""
    return 10**15 + secrets.randbelow(9 * 10**15)


def identifier() -> str:
    """Draw an id in the form of a UUID."""
    text = secrets.token_hex(16)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def stamps(created_at: int | None = None) -> dict[str, Any]:
    """Say who made and last changed an object, and when."""
    at = now() if created_at is None else created_at
    return {"owner": ADMIN, "created_at": at, "created_by": ADMIN, "updated_at": at, "updated_by": ADMIN}


def changed() -> dict[str, Any]:
    """Say who changed an object, and when."""
    return {"updated_at": now(), "updated_by": ADMIN}
