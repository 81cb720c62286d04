"""The double of Azure's provider: it checks, plans, reads and refreshes as pulumi-azure-native does.

What it copies is in that provider's provider.go: a difference is one between the inputs of then and of now; and what
a refresh finds is the difference between the outputs of then and of now, put upon the inputs, so that neither defaults
nor another casing that Azure answers with looks like drift.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.provider.experimental import provider as protocol

from engine.stand_in.failures import ProviderError, Refusal
from engine.stand_in.requests import DiffRequest
from engine.stand_in.values import plain_map, wrap_map
from tests.azure import checks, shapes
from tests.azure.kind import Kind, Values
from tests.azure.kinds import find
from tests.azure.subscription import CALLER, Subscription

TENANT, TOKEN = "33333333-3333-4333-8333-333333333333", "aad-of-the-double"
Change = protocol.PropertyDiffKind
REPLACING = {Change.ADD: Change.ADD_REPLACE, Change.DELETE: Change.DELETE_REPLACE, Change.UPDATE: Change.UPDATE_REPLACE}


class AzureDouble(protocol.Provider):
    """Makes the resources of a `subscription` that is in this process alone."""

    def __init__(self, subscription: Subscription) -> None:
        self._azure = subscription

    async def check_config(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Take whatever the provider is given."""
        return protocol.CheckResponse(inputs=request.new_inputs)

    async def configure(self, _request: protocol.ConfigureRequest) -> protocol.ConfigureResponse:
        """Begin."""
        return protocol.ConfigureResponse(supports_preview=True)

    async def check(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Hold the inputs of a resource against Azure's specification."""
        kind, inputs = find(request.type), plain_map(request.new_inputs)
        found = [*checks.refusals(shapes.inputs(kind.token), inputs), *_misplaced(kind, inputs)]
        failures = [protocol.CheckFailure("", f"{each.path}: {each.reason}") for each in found]
        return protocol.CheckResponse(inputs=request.new_inputs, failures=failures or None)

    async def diff(self, request: protocol.DiffRequest) -> protocol.DiffResponse:
        """Compare the inputs of then and of now."""
        kind, new = find(request.type), plain_map(request.new_inputs)
        old = plain_map(request.old_inputs) if isinstance(request, DiffRequest) else {}
        changes = dict(_changes(old, new))
        replaced = {_root(path) for path in changes} & (kind.replaces | kind.parts)
        return protocol.DiffResponse(
            changes=bool(changes),
            replaces=sorted(replaced),
            delete_before_replace=bool(replaced),
            diffs=sorted({_root(path) for path in changes}),
            detailed_diff={
                path: protocol.PropertyDiff(REPLACING[change] if _root(path) in replaced else change, True)
                for path, change in changes.items()
            },
        )

    async def create(self, request: protocol.CreateRequest) -> protocol.CreateResponse:
        """Make a resource, or say what a preview can know of it."""
        kind, inputs = find(request.type), plain_map(request.properties)
        if request.preview:
            return protocol.CreateResponse("", wrap_map(shapes.foreseen(shapes.outputs(kind.token), inputs)))
        resource_id, body = await asyncio.to_thread(self._azure.create, kind, inputs)
        return protocol.CreateResponse(resource_id, wrap_map(_outputs(body)))

    async def read(self, request: protocol.ReadRequest) -> protocol.ReadResponse:
        """Refresh a resource; an empty id says that there is none."""
        kind, old = find(request.type), plain_map(request.properties)
        body = await asyncio.to_thread(self._azure.read, request.resource_id)
        if body is None:
            return protocol.ReadResponse()
        new = _outputs(body)
        fields = shapes.inputs(kind.token)
        inputs = _moved(plain_map(request.inputs), shapes.settable(fields, old), shapes.settable(fields, new))
        return protocol.ReadResponse(request.resource_id, wrap_map(new), wrap_map(inputs))

    async def update(self, request: protocol.UpdateRequest) -> protocol.UpdateResponse:
        """Change a resource in place."""
        kind, new = find(request.type), plain_map(request.news)
        if request.preview:
            known = shapes.outputs(kind.token)
            return protocol.UpdateResponse(wrap_map(plain_map(request.olds) | _kept(new, known)))
        body = await asyncio.to_thread(self._azure.put, kind, request.resource_id, new)
        return protocol.UpdateResponse(wrap_map(_outputs(body)))

    async def delete(self, request: protocol.DeleteRequest) -> None:
        """Delete a resource; one that is gone is as good as deleted."""
        await asyncio.to_thread(self._azure.delete, find(request.type), request.resource_id)

    async def invoke(self, request: protocol.InvokeRequest) -> protocol.InvokeResponse:
        """Say who is signed in, and where; the program calls no other function."""
        answers = {
            "getClientConfig": {
                "subscriptionId": self._azure.id,
                "clientId": CALLER,
                "objectId": CALLER,
                "tenantId": TENANT,
            },
            "getClientToken": {"token": TOKEN},
        }
        found = answers.get(request.tok.rpartition(":")[2])
        if found is None:
            raise ProviderError(f"the double of Azure has no function {request.tok}")
        return protocol.InvokeResponse(wrap_map(found))

    async def cancel(self) -> None:
        """End at once: nothing here waits."""


def _misplaced(kind: Kind, inputs: Values) -> Iterator[Refusal]:
    """What the id of a resource lacks, for the provider names none here; and names that Azure refuses."""
    for name in sorted(kind.parts - inputs.keys()):
        yield Refusal(name, "is in the resource's id, and is not named")
    for name, pattern in kind.misnamed(inputs).items():
        yield Refusal(name, f"must match {pattern}, found {inputs[name]!r}")


def _outputs(body: Mapping[str, Any]) -> Values:
    return {name: value for name, value in body.items() if name != "id"}


def _kept(values: Values, names: Any) -> Values:
    return {name: value for name, value in values.items() if name in names}


def _root(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _changes(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Change]]:
    """Each path at which two values differ, and how."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from _changes(old.get(name), new.get(name), f"{path}.{name}" if path else name)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (was, now) in enumerate(zip(old, new, strict=True)):
            yield from _changes(was, now, f"{path}[{place}]")
    elif old != new:
        yield path, Change.ADD if old is None else Change.DELETE if new is None else Change.UPDATE


def _moved(inputs: Any, old: Any, new: Any) -> Any:
    """The inputs, with what differs between the outputs of then and of now put upon them."""
    if old == new:
        return inputs
    if not all(isinstance(each, dict) for each in (inputs, old, new)):
        return new
    moved = {name: _moved(inputs.get(name), old.get(name), new.get(name)) for name in inputs.keys() | new.keys()}
    return {name: value for name, value in moved.items() if value is not None}
