"""The data path: requests for predictions, each carried to a model server that the routes name at that moment."""

from __future__ import annotations

import asyncio
import json
import re
import time
from random import random

from aiohttp import web

from sandbox.serving.bodies import Body
from sandbox.serving.controller import Controller
from sandbox.serving.endpoint import Endpoint
from sandbox.serving.errors import ApiError, absent, unavailable
from sandbox.serving.gateways import Gateways, LiveGateway
from sandbox.serving.model_server import LONGEST_REQUEST, ModelServer
from sandbox.serving.payload_log import PayloadLog
from sandbox.serving.payload_row import Exchange, Row
from sandbox.serving.wire import Reply

PATH = re.compile(r"/serving-endpoints/([^/?]+)(?:/served-models/([^/?]+))?/invocations(?:\?.*)?")
MOST_BODY = 16 * 1024 * 1024
"""Bytes: Databricks' bound of 16 MB on the payload of a custom model."""
RETRY_AFTER = 2
"""Seconds after which an endpoint that recovers may be asked again."""
ERROR_CODES = {
    400: "BAD_REQUEST",
    404: "RESOURCE_DOES_NOT_EXIST",
    415: "INVALID_PARAMETER_VALUE",
    504: "DEADLINE_EXCEEDED",
}


class Invocations:
    """Answers them; nothing is parsed, logged or copied that need not be."""

    def __init__(
        self, controller: Controller, gateways: Gateways, payloads: PayloadLog, *, longest: float = LONGEST_REQUEST
    ) -> None:
        self._controller, self._gateways, self._payloads = controller, gateways, payloads
        self._longest = longest

    async def answer(self, request: web.BaseRequest, endpoint_name: str, entity: str | None) -> web.Response:
        """Return the model server's answer; raises ApiError where none can give one."""
        self._controller.find(endpoint_name)
        received = time.time()
        body = await Body(request, MOST_BODY).whole()
        # Only now, for the routes and the limits may have changed while the body arrived.
        endpoint = self._controller.find(endpoint_name)
        server = _choose(endpoint, entity)
        gateway = self._gateways.find(endpoint_name)
        if gateway is None:
            return await self._ask(server, request, body)
        gateway.limiter.admit(body)
        exchange = Exchange(received, body, endpoint.entity_id(server.name), gateway.asked.requester)
        response = await self._ask(server, request, body)
        self._observe(gateway, exchange, response)
        return response

    def _observe(self, gateway: LiveGateway, exchange: Exchange, response: web.Response) -> None:
        answer = response.body if isinstance(response.body, bytes) else b""
        gateway.limiter.answered(exchange.request, answer)
        if gateway.asked.table is not None:
            self._payloads.add(gateway.asked.table, Row.of(exchange, response.status, answer))
            response.headers["x-request-id"] = exchange.request_id

    async def _ask(self, server: ModelServer, request: web.BaseRequest, body: bytes) -> web.Response:
        server.take()
        try:
            async with asyncio.timeout(self._longest):
                return _response(await server.ask(_request(request, body)), server)
        except TimeoutError:
            text = f"The request was not answered within {self._longest:.0f} seconds."
            raise ApiError(504, "DEADLINE_EXCEEDED", text, _header(server)) from None
        except OSError:
            text = f"The model server of {server.name} ended while it had the request in hand."
            raise ApiError(502, "INTERNAL_ERROR", text, _header(server)) from None
        finally:
            server.release()


def _choose(endpoint: Endpoint, entity: str | None) -> ModelServer:
    if entity is None:
        server = endpoint.split.choose(random())  # noqa: S311 - it divides traffic, it guards nothing
    else:
        server = endpoint.named(entity)
        if server is None:
            raise absent(f"Endpoint '{endpoint.name}' serves no entity with name '{entity}'.")
        server = server if server.ready else None
    if server is None:
        raise unavailable(f"Endpoint '{endpoint.name}' is not ready to take requests.", retry_after=RETRY_AFTER)
    return server


def _request(request: web.BaseRequest, body: bytes) -> bytes:
    # aiohttp has refused line breaks in headers. A model server hears of nothing but the body's form.
    content_type = request.headers.get("Content-Type", "application/json")
    head = (
        "POST /invocations HTTP/1.1\r\nhost: localhost\r\n"
        f"content-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode("utf-8", "surrogateescape") + body


def _response(reply: Reply, server: ModelServer) -> web.Response:
    body, content_type = reply.body, reply.headers.get("content-type", "application/json")
    if reply.status >= 400 and not body.startswith(b"{"):
        # MLflow's server answers some errors in plain words, which the SDKs cannot read.
        code = ERROR_CODES.get(reply.status, "INTERNAL_ERROR")
        message = body.decode(errors="replace").strip() or "The model server gave no reason."
        body, content_type = json.dumps({"error_code": code, "message": message}).encode(), "application/json"
    return web.Response(status=reply.status, body=body, headers={"Content-Type": content_type, **_header(server)})


def _header(server: ModelServer) -> dict[str, str]:
    return {"served-model-name": server.name}
