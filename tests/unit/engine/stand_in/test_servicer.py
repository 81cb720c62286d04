"""Errors arrive at the engine as one message, and an unhealthy resource with its state."""

import asyncio
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2

from engine.stand_in.failures import ProviderError, UnhealthyError
from engine.stand_in.servicer import Servicer


class AbortedError(Exception):
    """What a gRPC context raises to end a call."""


class Context:
    """Remembers how a call ended."""

    async def abort(self, code: Any, message: str, details: Any = ()) -> None:
        self.code, self.message, self.details = code, message, details
        raise AbortedError


class Failing:
    """A provider whose every read fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def read(self, _request: Any) -> None:
        raise self.error


def read(error: Exception) -> Context:
    context = Context()
    servicer = Servicer([], "1.0.0", Failing(error), engine_address="")
    with pytest.raises(AbortedError):
        asyncio.run(servicer.Read(provider_pb2.ReadRequest(), context))
    return context


def test_a_refusal_arrives_as_its_own_words() -> None:
    context = read(ProviderError("cannot do it: do that"))
    assert (context.code, context.message) == (grpc.StatusCode.UNKNOWN, "cannot do it: do that")


def test_an_error_of_our_own_is_told_in_one_line() -> None:
    assert read(KeyError("name")).message == "the stand-in provider failed: KeyError: 'name'"


def test_an_unhealthy_resource_arrives_with_its_state_and_reasons() -> None:
    context = read(UnhealthyError("chatbot", {"name": "chatbot"}, {"name": "chatbot"}, ("it is NOT_READY",)))
    status = status_pb2.Status.FromString(dict(context.details)["grpc-status-details-bin"])
    found = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(found)
    assert (found.id, list(found.reasons), found.inputs["name"]) == ("chatbot", ["it is NOT_READY"], "chatbot")
