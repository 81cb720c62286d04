"""What a resource type is made of: its facts, and what to call to create, read, update and delete one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

from engine.stand_in.attributes import Schema, Values
from engine.stand_in.failures import ProviderError, Refusal

PROVISION_SECONDS = 45 * 60
"""How long a create or an update may take unless the program says otherwise, as in the Terraform provider."""


class Api(Protocol):
    """The workspace's REST API."""

    @property
    def user(self) -> str:
        """Who is calling."""

    def call(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        """Send one request and give back its JSON."""


@dataclass(frozen=True)
class Deadline:
    """When to give up waiting: at a time, or when the engine is interrupted."""

    seconds: float
    cancelled: threading.Event
    started: float = field(default_factory=time.monotonic)

    def wait(self, interval: float, what: str) -> None:
        """Sleep for `interval` seconds; raises ProviderError when there is no more time for `what`."""
        left = self.started + self.seconds - time.monotonic()
        if left <= 0:
            raise ProviderError(
                f"{what} within {self.seconds:.0f} s: raise customTimeouts, or look at it and try again"
            )
        if self.cancelled.wait(min(interval, left)):
            raise ProviderError(f"{what} before it was interrupted: it may go on in the workspace")


@dataclass(frozen=True)
class Live:
    """A resource as the REST API describes it, and what is wrong with it, if anything."""

    body: Mapping[str, Any]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Update:
    """What an update starts from and leads to; `changed` names the top-level properties that differ."""

    id: str
    old: Values
    new: Values
    changed: frozenset[str]
    deadline: Deadline


def accept(_inputs: Values) -> Sequence[Refusal]:
    """Refuse nothing beyond what the facts say."""
    return ()


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """One type of resource; `read` raises NotFoundError where there is no such resource."""

    type: str
    noun: str
    schema: Schema
    create: Callable[[Api, Values, Deadline], str]
    read: Callable[[Api, str, Values], Live]
    update: Callable[[Api, Update], None]
    delete: Callable[[Api, str, Values], None]
    refuse: Callable[[Values], Sequence[Refusal]] = accept
    unsent: frozenset[str] = frozenset()
    """Properties whose change the released provider takes and never sends."""

    @property
    def named(self) -> bool:
        """Say whether the engine names it where the program does not."""
        return "name" in self.schema

    @property
    def outputs(self) -> list[str]:
        """The properties that the workspace fills in."""
        return [name for name, attribute in self.schema.items() if attribute.read_only or attribute.computed]


def segment(name: str) -> str:
    """Write a name as one segment of a path."""
    return quote(name, safe="")
