"""The client of the router's control API: what is deployed, and in which state."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.workspace.api.errors import ApiError

Deployment = dict[str, Any]
_TIMEOUT = 60  # seconds; the router starts, drains and stops in the background


class Deployments:
    """Asks the router over its Unix socket; raises ApiError as the router answers, 503 where it does not."""

    def __init__(self, control: Path) -> None:
        self._control = control

    def put(self, endpoint: str, config: dict[str, Any]) -> Deployment:
        """Start the change to `config`; raises ApiError 409 while another one is under way."""
        return self._ask("PUT", f"/deployments/{quote(endpoint, safe='')}", config)

    def get(self, endpoint: str) -> Deployment | None:
        """Give what is deployed for an endpoint, or None."""
        try:
            return self._ask("GET", f"/deployments/{quote(endpoint, safe='')}")
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def all(self) -> dict[str, Deployment]:
        """Give what is deployed by endpoint."""
        found: dict[str, Deployment] = self._ask("GET", "/deployments")["deployments"]
        return found

    def delete(self, endpoint: str) -> None:
        """Drain and stop everything of an endpoint; nothing happens when it has no deployment."""
        try:
            self._ask("DELETE", f"/deployments/{quote(endpoint, safe='')}")
        except ApiError as error:
            if error.status != 404:
                raise

    def put_gateway(self, endpoint: str, asked: dict[str, Any]) -> None:
        """Have an endpoint's gateway hold from the next request on; an empty one is forgotten."""
        self._ask("PUT", f"/gateways/{quote(endpoint, safe='')}", asked)

    def put_gateways(self, asked: dict[str, dict[str, Any]]) -> None:
        """Have these gateways hold, by endpoint, and no others."""
        self._ask("PUT", "/gateways", asked)

    def logs(self, endpoint: str, served_entity: str) -> str:
        """Give the last lines of a model server's output; raises ApiError 404 where there is none."""
        answer = self._ask("GET", f"/deployments/{quote(endpoint, safe='')}/logs/{quote(served_entity, safe='')}")
        return str(answer["logs"])

    def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        connection = _UnixConnection(self._control)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return _read(response.status, response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            message = "The sandbox's router does not answer: try again, or stop the sandbox and start it anew."
            raise ApiError(503, "TEMPORARILY_UNAVAILABLE", message) from error
        finally:
            connection.close()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("router", timeout=_TIMEOUT)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _read(status: int, content: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(content or b"{}")
    if status < 400:
        return answer
    raise ApiError(status, answer.get("error_code", "INTERNAL_ERROR"), answer.get("message", "The router refused."))
