"""The control API: what the workspace's API asks the router to serve. It listens on a private socket alone."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.serving.answers import refused
from sandbox.serving.config_body import config
from sandbox.serving.controller import Controller
from sandbox.serving.deployment_document import document
from sandbox.serving.errors import ApiError, invalid
from sandbox.serving.gateway import gateway
from sandbox.serving.gateways import Gateways

MOST_BODY = 16 * 1024 * 1024
"""Bytes of a request's body."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_logger = logging.getLogger(__name__)


class Control:
    """Answers for `controller` and `gateways`."""

    def __init__(self, controller: Controller, gateways: Gateways) -> None:
        self._controller, self._gateways = controller, gateways

    def application(self) -> web.Application:
        """Return the whole API."""
        application = web.Application(middlewares=[_answer_errors], client_max_size=MOST_BODY)
        application.add_routes(
            [
                web.get("/deployments", self.list),
                web.get("/deployments/{name}", self.get),
                web.put("/deployments/{name}", self.put),
                web.delete("/deployments/{name}", self.delete),
                web.get("/deployments/{name}/logs/{entity}", self.logs),
                web.put("/gateways", self.put_gateways),
                web.put("/gateways/{name}", self.put_gateway),
            ]
        )
        return application

    async def list(self, _: web.Request) -> web.Response:
        """Return the documents of all deployments by name."""
        endpoints = self._controller.endpoints
        return web.json_response(
            {"deployments": {name: document(endpoint.deployment) for name, endpoint in endpoints.items()}}
        )

    async def get(self, request: web.Request) -> web.Response:
        """Return the document of one deployment."""
        return web.json_response(document(self._controller.find(request.match_info["name"]).deployment))

    async def put(self, request: web.Request) -> web.Response:
        """Begin an update and return at once."""
        endpoint = self._controller.put(request.match_info["name"], config(await _body(request)))
        return web.json_response(document(endpoint.deployment))

    async def delete(self, request: web.Request) -> web.Response:
        """Stop serving, the requests in hand first."""
        self._controller.delete(request.match_info["name"])
        return web.json_response({})

    async def logs(self, request: web.Request) -> web.Response:
        """Return the end of a served entity's log."""
        names = request.match_info
        return web.json_response({"logs": self._controller.logs(names["name"], names["entity"])})

    async def put_gateway(self, request: web.Request) -> web.Response:
        """Have an endpoint's gateway hold from now on."""
        self._gateways.put(request.match_info["name"], gateway(await _body(request)))
        return web.json_response({})

    async def put_gateways(self, request: web.Request) -> web.Response:
        """Have these gateways hold and no others: what the API knows when it starts."""
        sent = await _body(request)
        if not isinstance(sent, dict):
            raise invalid(f"The body is {type(sent).__name__}: a JSON object of gateways by endpoint is expected.")
        self._gateways.put_all({name: gateway(one) for name, one in sent.items()})
        return web.json_response({})


async def _body(request: web.Request) -> object:
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise invalid(f"The body is no JSON: {error}.") from None


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ApiError as refusal:
        return refused(refusal)
    except web.HTTPException as error:
        return refused(ApiError(error.status, "BAD_REQUEST", error.reason))
    except OSError as error:
        _logger.exception("%s %s", request.method, request.path)
        return refused(ApiError(500, "INTERNAL_ERROR", f"The deployment's state cannot be written: {error}"))
