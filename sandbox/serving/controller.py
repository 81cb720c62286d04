"""All serving endpoints of a sandbox."""

from __future__ import annotations

from sandbox.serving.config_body import checked_name
from sandbox.serving.config_update import Deployment
from sandbox.serving.endpoint import Endpoint
from sandbox.serving.errors import absent
from sandbox.serving.launcher import Launcher
from sandbox.serving.served_config import Config
from sandbox.serving.store import Store

LOG_LINES = 200


class Controller:
    """Creates, finds and deletes endpoints."""

    def __init__(self, store: Store, launcher: Launcher) -> None:
        self.endpoints: dict[str, Endpoint] = {}
        self._store, self._launcher = store, launcher

    def resume(self) -> None:
        """Serve again what was served when the last router ended."""
        for name, deployment in self._store.load():
            self.endpoints[name] = self._endpoint(name, deployment)
            self.endpoints[name].resume()

    def find(self, name: str) -> Endpoint:
        """Return an endpoint; raises ApiError (404) where there is none."""
        endpoint = self.endpoints.get(name)
        if endpoint is None:
            raise absent(f"Endpoint with name '{name}' does not exist.")
        return endpoint

    def put(self, name: str, config: Config) -> Endpoint:
        """Begin to serve `config`; raises ApiError: 400 for what is no name, 409 while an update runs."""
        checked_name("Endpoint", name)
        endpoint = self.endpoints.get(name) or self._endpoint(name, Deployment())
        endpoint.put(config)
        self.endpoints[name] = endpoint
        return endpoint

    def delete(self, name: str) -> None:
        """Forget an endpoint; its requests in hand are still answered. Raises ApiError (404)."""
        endpoint = self.find(name)
        self._store.remove(name)
        del self.endpoints[name]
        endpoint.close()

    def logs(self, name: str, entity: str) -> str:
        """Return the last LOG_LINES lines of a served entity's log; raises ApiError (404)."""
        if not self.find(name).knows(entity):
            raise absent(f"Endpoint '{name}' has no served entity '{entity}'.")
        return self._launcher.log_lines(name, entity, LOG_LINES)

    async def close(self) -> None:
        """Stop everything, the state on disk untouched."""
        for endpoint in self.endpoints.values():
            endpoint.close()
        await self._launcher.stop_all()

    def _endpoint(self, name: str, deployment: Deployment) -> Endpoint:
        return Endpoint(name, deployment, self._store, self._launcher)
