"""The protocol of MLflow's registry `databricks-uc`: its routes and messages are those of MLflow's own service."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from mlflow.protos.databricks_uc_registry_service_pb2 import UcModelRegistryService
from mlflow.utils.rest_utils import extract_api_info_for_service

from sandbox.workspace.api.errors import ApiError, Json, invalid
from sandbox.workspace.stores.workspace import Workspace

_PLACES: Mapping[Any, tuple[str, str]] = extract_api_info_for_service(UcModelRegistryService, "/api/2.0")
Handler = Callable[[Workspace, Any], Any]
"""Takes a message of the protocol and gives the one that answers it."""


def add(routes: APIRouter, handle: Handler) -> Handler:
    """Serve the requests that the handler's hint names, at the address that MLflow's service gives them."""
    message = get_type_hints(handle)["sent"]
    path, method = _PLACES[message]

    async def answer(request: Request) -> Response:
        sent = parse(message, await _sent(request))
        reply = await run_sync(handle, request.app.state.workspace, sent)
        return Json(MessageToDict(reply, preserving_proto_field_name=True))

    routes.add_api_route(path, answer, methods=[method])
    return handle


async def _sent(request: Request) -> Any:
    if request.method == "GET":
        return dict(request.query_params)
    try:
        return json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        raise _malformed(str(error)) from None


def parse(message: Any, sent: Any) -> Any:
    """Read a message from its JSON, as the client writes it; raises ApiError naming what is wrong."""
    if not isinstance(sent, dict):
        raise invalid("The request body must be a JSON object.")
    try:
        return ParseDict(sent, message(), ignore_unknown_fields=True)
    except (ParseError, UnicodeEncodeError) as error:
        raise _malformed(str(error)) from None


def _malformed(reason: str) -> ApiError:
    return ApiError(400, "MALFORMED_REQUEST", f"The request does not parse: {reason}.")


def required(value: str, field: str) -> str:
    """Give a text that must not be empty; raises ApiError naming the field."""
    if not value:
        raise invalid(f"{field} is required.")
    return value


def page_size(sent: Any, default: int, largest: int) -> int:
    """Give how many items a page of a search has; raises ApiError for a number that is none."""
    if sent.max_results < 0:
        raise invalid(f"max_results: 0 or more, found {sent.max_results}.")
    return min(sent.max_results or default, largest)
