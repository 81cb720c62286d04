"""Reads the engine's own record of what it did to a stack, by `pulumi stack history --json`."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from model_ops.errors import StackError
from model_ops.pinning.layering import over
from model_ops.served import Canary
from model_ops.stack import Address, ask, deploy

MODELS = "rollpin:models"
DEFAULTS = "rollpin:defaults"
"""What the models have in common: the record holds it as the file says it, not laid under each of them."""
PAGE = 100
"""Updates a call; a backend may give fewer."""
CHOSEN = tuple(
    f"pulumi.flag.{name}"
    for name in ("target", "target-dependents", "target-replace", "exclude", "exclude-dependents", "exclude-protected")
)
"""What the engine notes of `--target` and `--exclude`: that they were set, not to what."""


@dataclass(frozen=True, kw_only=True)
class Pins:
    """What the config of one update said of one model; `version` is None where it pinned nothing."""

    model: str
    """The entry's name."""
    catalog: str
    schema: str
    endpoint: str
    version: int | None
    warm: tuple[int, ...] = ()
    canary: Canary | None = None
    registered: str = ""
    """The registered model's own name; empty where it is the entry's."""

    @property
    def full_name(self) -> str:
        """The name by which Unity Catalog knows the model."""
        return f"{self.catalog}.{self.schema}.{self.registered or self.model}"

    @property
    def words(self) -> str:
        """What is pinned, as a reader sees it: `version 7, with version 8 at 10 %, and 6 warm`."""
        canary = f", with version {self.canary.version} at {self.canary.percent} %" if self.canary else ""
        warm = f", and {', '.join(map(str, self.warm))} warm" if self.warm else ""
        return f"version {self.version}{canary}{warm}" if self.version else "no version"


@dataclass(frozen=True, kw_only=True)
class Update:
    """One run of the engine on a stack, as it recorded it; times are in UTC, to the second."""

    stack: str
    number: int | None
    """Pulumi Cloud numbers updates; other backends do not."""
    kind: str
    """`update` is an `up`; others are preview, refresh, destroy, import, rename, resource-import."""
    result: str
    """`succeeded`, `failed` or `in-progress`."""
    started: datetime
    ended: datetime | None
    """None while it goes on."""
    message: str = ""
    """The subject of the commit it ran on, unless somebody gave it another."""
    environment: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    """How many resources each operation touched, `same` among them."""
    pins: Mapping[str, Pins] | None = None
    """By model; None where the record does not say (`remark` says why)."""
    remark: str | None = None

    @property
    def commit(self) -> str | None:
        """The commit that was checked out when it ran."""
        return self.environment.get("git.head") or None

    @property
    def dirty(self) -> bool:
        """True when files differed from that commit."""
        return self.environment.get("git.dirty") == "true"

    @property
    def partial(self) -> bool:
        """True when it was told to leave resources out, so that it may have left the endpoint out too."""
        return any(name in self.environment for name in CHOSEN)


def updates(where: Address) -> tuple[Update, ...]:
    """Read all that the engine recorded of a stack, oldest first; raises StackError where that is nothing."""
    entries: list[Any] = []
    for number in itertools.count(1):
        page = _page(where, number)
        # An update that ends between two calls moves the last one of a page to the next.
        entries += [entry for entry in page if entry not in entries[-PAGE:]]
        if not page:  # a page with fewer than were asked for is no sign of the end: a backend may give fewer
            break
    if not entries:
        raise StackError(f"Stack {where.stack} has no history: it was never deployed.\n{deploy(where.commands)}")
    try:
        return parse(where.stack, entries[::-1])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _unreadable(where, f"{type(error).__name__}: {error}") from None


def latest(where: Address) -> tuple[Update, ...]:
    """Read the last updates that the engine recorded, at most PAGE, oldest first; raises StackError."""
    try:
        return parse(where.stack, _page(where, 1)[::-1])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _unreadable(where, f"{type(error).__name__}: {error}") from None


def parse(stack: str, entries: list[Any]) -> tuple[Update, ...]:
    """Read records as the engine prints them, in the order given; raises what reading raises where they are none."""
    return tuple(_update(stack, entry) for entry in entries)


def _page(where: Address, number: int) -> list[Any]:
    answer = ask(where, "history", "--json", "--page-size", str(PAGE), "--page", str(number))
    try:
        page = json.loads(answer)
    except ValueError as error:
        raise _unreadable(where, str(error)) from None
    if not isinstance(page, list):
        raise _unreadable(where, f"{type(page).__name__} instead of a list")
    return page


def _unreadable(where: Address, reason: str) -> StackError:
    return StackError(
        f"The history of stack {where.stack} cannot be read ({reason}).\n"
        f"See what the engine says: {where.typed('history', '--json')}; "
        "an old CLI may print it otherwise: pulumi version"
    )


def _update(stack: str, entry: Mapping[str, Any]) -> Update:
    ended = entry.get("endTime")
    pins, remark = _pins(entry.get("config") or {})
    return Update(
        stack=stack,
        number=int(entry["version"]) or None,
        kind=entry["kind"],
        result=entry.get("result") or "in-progress",
        started=_time(entry["startTime"]),
        ended=_time(ended) if ended else None,
        message=entry.get("message") or "",
        environment=dict(entry.get("environment") or {}),
        changes=dict(entry.get("resourceChanges") or {}),
        pins=pins,
        remark=remark,
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _pins(config: Mapping[str, Any]) -> tuple[Mapping[str, Pins] | None, str | None]:
    if config.get(MODELS) is None:
        return {}, None
    if hidden := [key for key in (MODELS, DEFAULTS) if _is_hidden(config.get(key))]:
        return None, f"the record hides what it pinned: {hidden[0]} holds a secret"
    try:
        models, below = _said(config[MODELS]), _said(config.get(DEFAULTS))
        return {name: _model(name, over(said, below)) for name, said in models.items()}, None
    except (AttributeError, KeyError, TypeError, ValueError):
        return None, f"the record does not say what it pinned: {MODELS} cannot be read"


def _is_hidden(value: Mapping[str, Any] | None) -> bool:
    return value is not None and bool(value.get("secret") or value.get("value") is None)


def _said(value: Mapping[str, Any] | None) -> Any:
    return {} if value is None else value.get("objectValue") or json.loads(value["value"])


PINNING = ("servedVersion", "warmVersions", "canary")


def _model(name: str, settings: Mapping[str, Any]) -> Pins:
    if settings.get("retired"):  # whatever it still names, nothing of it is served
        settings = {key: value for key, value in settings.items() if key not in PINNING}
    canary = settings.get("canary")
    pinned = settings.get("servedVersion")
    return Pins(
        model=name,
        catalog=settings["catalog"],
        schema=settings["schema"],
        endpoint=(settings.get("endpoint") or {}).get("name") or name,
        version=None if pinned is None else int(pinned),
        warm=tuple(sorted({int(version) for version in settings.get("warmVersions") or ()})),
        canary=Canary(version=int(canary["version"]), percent=int(canary["percent"])) if canary else None,
        registered=settings.get("model") or "",
    )
