"""The provider itself: turns the engine's requests into calls on a resource type, and its answers into states."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from pulumi.provider.experimental import provider as protocol

from engine.stand_in.checks import autoname, check
from engine.stand_in.differences import Change, differences
from engine.stand_in.failures import NotFoundError, ProviderError, Refusal, UnhealthyError
from engine.stand_in.projection import inputs_of, state_of
from engine.stand_in.requests import DiffRequest
from engine.stand_in.resource_type import PROVISION_SECONDS, Api, Deadline, Live, ResourceType, Update
from engine.stand_in.resources import find
from engine.stand_in.resources.model_versions import FUNCTION, model_versions
from engine.stand_in.values import UNKNOWN, plain_map, wrap_map

ARGUMENTS = frozenset({"host", "token", "authType", "version", "pluginDownloadURL"})
"""What the provider resource can be given; the host and the token come from the environment otherwise."""

KINDS = {
    ("add", False): protocol.PropertyDiffKind.ADD,
    ("add", True): protocol.PropertyDiffKind.ADD_REPLACE,
    ("delete", False): protocol.PropertyDiffKind.DELETE,
    ("delete", True): protocol.PropertyDiffKind.DELETE_REPLACE,
    ("update", False): protocol.PropertyDiffKind.UPDATE,
    ("update", True): protocol.PropertyDiffKind.UPDATE_REPLACE,
}
Connect = Callable[[Mapping[str, Any]], Api]
"""Names the workspace that the provider's inputs point to, without calling it yet."""


def connect(arguments: Mapping[str, Any]) -> Api:
    """Name the workspace that the provider's inputs or the environment point to; slow the first time."""
    api: Api = importlib.import_module("engine.stand_in.workspace").from_arguments(arguments)
    return api


def warm() -> None:
    """Import what takes a while to import, while the engine still starts the program."""
    threading.Thread(target=importlib.import_module, args=("engine.stand_in.workspace",), daemon=True).start()


class Engine(Protocol):
    """Where messages for the person at the keyboard go."""

    async def announce(self) -> None:
        """Say, once a run, that this is a stand-in."""

    async def warn(self, text: str, urn: str) -> None:
        """Warn of something about a resource."""


class StandIn(protocol.Provider):
    """Serves the resource types of the local stack in place of the released Databricks plugin."""

    def __init__(
        self, engine: Engine, open_workspace: Connect = connect, types: Callable[[str], ResourceType] = find
    ) -> None:
        self._engine = engine
        self._connect = open_workspace
        self._types = types
        self._arguments: dict[str, Any] = {}
        self._opened: Api | None = None
        self._opening = threading.Lock()
        self._cancelled = threading.Event()

    def _api(self) -> Api:
        with self._opening:
            if self._opened is None:
                self._opened = self._connect(self._arguments)
            return self._opened

    async def check_config(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Refuse provider inputs that the stand-in would have to ignore."""
        strange = plain_map(request.new_inputs).keys() - ARGUMENTS
        reason = "the stand-in provider takes host and token alone; the rest needs the released plugin"
        failures = [protocol.CheckFailure(name, reason) for name in sorted(strange)]
        return protocol.CheckResponse(inputs=request.new_inputs, failures=failures or None)

    async def diff_config(self, _request: protocol.DiffRequest) -> protocol.DiffResponse:
        """Take a new address or token without replacing anything, as the released plugin does."""
        return protocol.DiffResponse()

    async def configure(self, request: protocol.ConfigureRequest) -> protocol.ConfigureResponse:
        """Remember where the workspace is.

        Secrets are declined, so that the engine itself keeps what came as a secret a secret in the state.
        """
        self._arguments = plain_map(request.args)
        warm()
        await self._engine.announce()
        return protocol.ConfigureResponse(supports_preview=True)

    async def check(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Validate and complete the inputs of a resource."""
        kind = self._types(request.type)
        given = plain_map(request.new_inputs)
        if kind.named and given.get("name") is None:
            given["name"] = autoname(request.name, plain_map(request.old_inputs), request.random_seed)
        checked = check(kind.schema, given)
        refusals = checked.refusals or kind.refuse(checked.inputs)
        return protocol.CheckResponse(inputs=wrap_map(checked.inputs), failures=_failures(refusals))

    async def diff(self, request: protocol.DiffRequest) -> protocol.DiffResponse:
        """Tell what must change, path by path, and whether it replaces the resource."""
        kind, new = self._types(request.type), plain_map(request.new_inputs)
        changes = differences(kind.schema, plain_map(request.old_state), new, request.ignore_changes)
        before = plain_map(request.old_inputs) if isinstance(request, DiffRequest) else {}
        moved = {change.path for change in differences(kind.schema, before, new)}
        replaces = sorted({change.root for change in changes if change.replaces})
        return protocol.DiffResponse(
            changes=bool(changes),
            replaces=replaces,
            # Two with one name cannot be there at once: the old one goes first, as with the released plugin.
            delete_before_replace=bool(replaces) and kind.named and "name" not in replaces,
            diffs=sorted({change.root for change in changes}),
            detailed_diff={c.path: _property_diff(c, input_diff=c.path in moved) for c in changes},
        )

    async def create(self, request: protocol.CreateRequest) -> protocol.CreateResponse:
        """Create a resource, or say what a preview can know of it."""
        kind, inputs = self._types(request.type), plain_map(request.properties)
        if request.preview:
            return protocol.CreateResponse("", wrap_map(dict.fromkeys(kind.outputs, UNKNOWN) | inputs))
        resource_id, live = await asyncio.to_thread(self._create, kind, inputs, request.timeout)
        return protocol.CreateResponse(resource_id, wrap_map(state_of(kind.schema, live.body, inputs)))

    def _create(self, kind: ResourceType, inputs: dict[str, Any], timeout: float) -> tuple[str, Live]:
        api = self._api()
        with _telling(f"cannot create {kind.noun} {inputs.get('name', '')}"):
            resource_id = kind.create(api, inputs, self._deadline(timeout))
            return resource_id, kind.read(api, resource_id, inputs)

    async def read(self, request: protocol.ReadRequest) -> protocol.ReadResponse:
        """Refresh a resource, or import one that no state knows yet; an empty id says that there is none."""
        kind, resource_id = self._types(request.type), request.resource_id
        importing = not request.properties
        old_inputs, old = plain_map(request.inputs), plain_map(request.properties)
        try:
            live = await asyncio.to_thread(lambda: kind.read(self._api(), resource_id, old))
        except NotFoundError:
            return protocol.ReadResponse()
        # What was asked for last says best how to spell it; the state fills in what nobody asked for.
        state = state_of(kind.schema, live.body, old | old_inputs)
        inputs = inputs_of(kind.schema, state, None if importing else old_inputs)
        if live.faults and not importing:
            raise UnhealthyError(resource_id, state, inputs, live.faults)
        return protocol.ReadResponse(resource_id, wrap_map(state), wrap_map(inputs))

    async def update(self, request: protocol.UpdateRequest) -> protocol.UpdateResponse:
        """Update a resource in place; also where nothing differs, to put right one that was not healthy."""
        kind, old, new = self._types(request.type), plain_map(request.olds), plain_map(request.news)
        if request.preview:
            return protocol.UpdateResponse(wrap_map(old | new))
        changes = differences(kind.schema, old, new, request.ignore_changes)
        changed = frozenset(change.root for change in changes)
        for name in sorted(changed & kind.unsent):
            await self._engine.warn(f"the Databricks provider sends no change of {name} to a {kind.noun}", request.urn)
        update = Update(request.resource_id, old, new, changed, self._deadline(request.timeout))
        live = await asyncio.to_thread(self._update, kind, update)
        return protocol.UpdateResponse(wrap_map(state_of(kind.schema, live.body, new)))

    def _update(self, kind: ResourceType, update: Update) -> Live:
        api = self._api()
        with _telling(f"cannot update {kind.noun} {update.id}"):
            kind.update(api, update)
            return kind.read(api, update.id, update.new)

    async def delete(self, request: protocol.DeleteRequest) -> None:
        """Delete a resource; one that is gone already is as good as deleted."""
        kind, state = self._types(request.type), plain_map(request.properties)
        await asyncio.to_thread(self._delete, kind, request.resource_id, state)

    def _delete(self, kind: ResourceType, resource_id: str, state: dict[str, Any]) -> None:
        try:
            with _telling(f"cannot delete {kind.noun} {resource_id}"):
                kind.delete(self._api(), resource_id, state)
        except NotFoundError:
            return

    async def invoke(self, request: protocol.InvokeRequest) -> protocol.InvokeResponse:
        """Call the one function that the stand-in has."""
        if request.tok != FUNCTION:
            raise ProviderError(f"the stand-in provider does not have the function {request.tok}; it has {FUNCTION}")
        found = await asyncio.to_thread(lambda: model_versions(self._api(), plain_map(request.args)))
        return protocol.InvokeResponse(wrap_map(found))

    async def cancel(self) -> None:
        """Stop waiting, because the engine was interrupted."""
        self._cancelled.set()

    def _deadline(self, timeout: float) -> Deadline:
        return Deadline(timeout or PROVISION_SECONDS, self._cancelled)


@contextmanager
def _telling(what: str) -> Iterator[None]:
    try:
        yield
    except ProviderError as error:
        raise type(error)(f"{what.strip()}: {error}") from error


def _failures(refusals: Iterable[Refusal]) -> list[protocol.CheckFailure] | None:
    # With a property's name, the engine would print the property's whole value too, secrets in it included.
    return [protocol.CheckFailure("", f"{refusal.path}: {refusal.reason}") for refusal in refusals] or None


def _property_diff(change: Change, *, input_diff: bool) -> protocol.PropertyDiff:
    return protocol.PropertyDiff(KINDS[change.kind, change.replaces], input_diff)
