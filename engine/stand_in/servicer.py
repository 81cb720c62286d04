"""The gRPC side: the experimental package's servicer, put right where it loses something or says too much."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import grpc  # type: ignore[import-untyped]  # grpcio ships no types
from pulumi.provider.experimental import provider as protocol
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, status_pb2

from engine.stand_in.failures import ProviderError, UnhealthyError
from engine.stand_in.requests import DiffRequest
from engine.stand_in.values import wrap_map

Context = Any
"""A grpc.aio.ServicerContext."""
WIRE_KINDS = {kind: getattr(provider_pb2.PropertyDiff, kind.name) for kind in protocol.PropertyDiffKind}


class Servicer(ProviderServicer):
    """Answers the engine; an error arrives there as one message, without a traceback."""

    async def give_up(self) -> None:
        """Stop waiting for whatever is under way."""
        await self._provider.cancel()

    async def Handshake(self, _request: Any, context: Context) -> Any:
        """Say that there is nothing to agree upon, which the engine takes as an answer."""
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "no handshake")

    async def Check(self, request: Any, context: Context) -> Any:
        """Validate inputs."""
        return await self._guarded(super().Check, request, context)

    async def CheckConfig(self, request: Any, context: Context) -> Any:
        """Validate the provider's inputs."""
        return await self._guarded(super().CheckConfig, request, context)

    async def Configure(self, request: Any, context: Context) -> Any:
        """Take the provider's inputs."""
        return await self._guarded(super().Configure, request, context)

    async def Create(self, request: Any, context: Context) -> Any:
        """Create a resource."""
        return await self._guarded(super().Create, request, context)

    async def Update(self, request: Any, context: Context) -> Any:
        """Update a resource."""
        return await self._guarded(super().Update, request, context)

    async def Delete(self, request: Any, context: Context) -> Any:
        """Delete a resource."""
        return await self._guarded(super().Delete, request, context)

    async def Read(self, request: Any, context: Context) -> Any:
        """Refresh or import a resource."""
        return await self._guarded(super().Read, request, context)

    async def Invoke(self, request: Any, context: Context) -> Any:
        """Call a function."""
        return await self._guarded(super().Invoke, request, context)

    async def Diff(self, request: Any, context: Context) -> Any:
        """Compare, with the old inputs too, which the package leaves out."""
        return await self._guarded(self._diff, request, context)

    async def DiffConfig(self, _request: Any, _context: Context) -> Any:
        """Find no difference between provider inputs that would replace anything."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    async def _diff(self, request: Any, _context: Context) -> Any:
        answer = await self._provider.diff(DiffRequest(request))
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=some if answer.changes else none,
            replaces=answer.replaces,
            deleteBeforeReplace=answer.delete_before_replace,
            diffs=answer.diffs,
            detailedDiff={
                path: provider_pb2.PropertyDiff(kind=WIRE_KINDS[diff.kind], inputDiff=diff.input_diff)
                for path, diff in answer.detailed_diff.items()
            },
            hasDetailedDiff=True,
        )

    async def _guarded(self, answer: Callable[[Any, Context], Awaitable[Any]], request: Any, context: Context) -> Any:
        try:
            return await answer(request, context)
        except Exception as error:  # noqa: BLE001 (whatever it is, the engine must be told in words)
            # The package wraps an error in one that holds the traceback; what it wrapped is its context.
            await _abort(context, error.__context__ or error)


async def _abort(context: Context, error: BaseException) -> NoReturn:
    if isinstance(error, UnhealthyError):
        details = (("grpc-status-details-bin", _still_there(error).SerializeToString()),)
        await context.abort(grpc.StatusCode.UNKNOWN, str(error), details)
    if isinstance(error, ProviderError):
        await context.abort(grpc.StatusCode.UNKNOWN, str(error))
    await context.abort(grpc.StatusCode.UNKNOWN, f"the stand-in provider failed: {type(error).__name__}: {error}")
    raise AssertionError("abort never returns") from error


def _still_there(error: UnhealthyError) -> status_pb2.Status:
    """Tell the engine that the resource is there, in what state, and what is wrong with it."""
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
    status.details.add().Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.resource_id,
            properties=PropertyValue.marshal_map(wrap_map(error.state)),
            inputs=PropertyValue.marshal_map(wrap_map(error.inputs)),
            reasons=error.reasons,
        )
    )
    return status
