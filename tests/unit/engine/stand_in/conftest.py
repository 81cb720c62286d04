"""A workspace in memory, at the seam where the provider calls the REST API."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

import pytest
from pulumi.provider.experimental import provider as protocol
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.proto import provider_pb2

from engine.stand_in.failures import NotFoundError, ProviderError
from engine.stand_in.provider import StandIn
from engine.stand_in.requests import DiffRequest
from engine.stand_in.values import plain_map, wrap_map


class WorkspaceInMemory:
    """Answers the calls that the provider makes; whoever holds it can look at and change everything."""

    def __init__(self) -> None:
        self.user = "admin@sandbox.local"
        self.catalogs: dict[str, Any] = {}
        self.schemas: dict[str, Any] = {}
        self.models: dict[str, Any] = {}
        self.versions: dict[str, list[Any]] = {}
        self.grants: dict[str, dict[str, set[str]]] = {}
        self.experiments: dict[str, Any] = {}
        self.permissions: dict[str, list[Any]] = {}
        self.endpoints: dict[str, Any] = {}
        self.scopes: dict[str, Any] = {}
        self.acls: dict[tuple[str, str], str] = {}
        self.calls: list[tuple[str, str, Any]] = []
        self.broken_versions: set[str] = set()
        self._ids = itertools.count(1)

    def call(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        """Answer one request."""
        self.calls.append((method, unquote(path), body))
        parts = [unquote(part) for part in path.strip("/").split("/")]
        answer = getattr(self, "_" + parts[2].replace("-", "_"))
        return answer(method, parts[3:], dict(query or {}), body or {}) or {}

    def sent(self, method: str) -> list[tuple[str, Any]]:
        """List the paths and bodies of the requests with this method."""
        return [(path, body) for used, path, body in self.calls if used == method]

    def _preview(self, *_: Any) -> Any:
        return {"userName": self.user}

    def _unity_catalog(self, method: str, rest: list[str], query: dict[str, Any], body: dict[str, Any]) -> Any:
        if rest[0] == "permissions":
            return self._grants(method, "/".join(rest[1:]), body)
        if rest[-1] == "versions":
            _there(self.models, rest[1])
            return {"model_versions": self.versions.get(rest[1], [])}
        place = {"catalogs": self.catalogs, "schemas": self.schemas, "models": self.models}[rest[0]]
        if method == "POST":
            parts = [body.get("catalog_name"), body.get("schema_name"), body["name"]]
            name = ".".join(part for part in parts if part)
            if rest[0] == "catalogs":
                self.schemas[f"{name}.default"] = {"name": "default", "full_name": f"{name}.default"}
            place[name] = {**body, "full_name": name, "owner": self.user, "metastore_id": "m-1"}
        elif method == "PATCH":
            _there(place, rest[1]).update(body)
        elif method == "DELETE":
            _there(place, rest[1])
            return place.pop(rest[1]) and {}
        return _there(place, rest[1] if len(rest) > 1 else name)

    def _grants(self, method: str, securable: str, body: dict[str, Any]) -> Any:
        held = self.grants.setdefault(securable, {})
        for change in body.get("changes") or ():
            who = held.setdefault(change["principal"], set())
            who |= set(change["add"])
            who -= set(change["remove"])
        return {"privilege_assignments": [{"principal": w, "privileges": sorted(p)} for w, p in held.items() if p]}

    def _mlflow(self, method: str, rest: list[str], query: dict[str, Any], body: dict[str, Any]) -> Any:
        if rest[1] == "create":
            key = str(next(self._ids))
            self.experiments[key] = {**body, "experiment_id": key, "lifecycle_stage": "active"}
            return {"experiment_id": key}
        experiment = _there(self.experiments, query.get("experiment_id") or body["experiment_id"])
        if rest[1] == "delete":
            experiment["lifecycle_stage"] = "deleted"
        if rest[1] == "update":
            experiment["name"] = body["new_name"]
        return {"experiment": experiment}

    def _permissions(self, method: str, rest: list[str], query: dict[str, Any], body: dict[str, Any]) -> Any:
        key = "/".join(rest)
        if method == "PUT":
            self.permissions[key] = body["access_control_list"]
        listed = [
            {k: v for k, v in entry.items() if k != "permission_level"}
            | {"all_permissions": [{"permission_level": entry["permission_level"], "inherited": False}]}
            for entry in self.permissions.get(key, [])
        ]
        kind = {"serving-endpoints": "serving-endpoint", "experiments": "mlflowExperiment"}[rest[0]]
        return {"object_id": f"/{key}", "object_type": kind, "access_control_list": listed}

    def _secrets(self, method: str, rest: list[str], query: dict[str, Any], body: dict[str, Any]) -> Any:
        name, entry = body.get("scope"), (str(body.get("scope")), str(body.get("principal")))
        match rest:
            case ["scopes", "list"]:
                return {"scopes": list(self.scopes.values())}
            case ["scopes", "create"]:
                made = {"name": name, "backend_type": body["scope_backend_type"]}
                vault = body.get("backend_azure_keyvault")
                self.scopes[str(name)] = made | ({"keyvault_metadata": vault} if vault else {})
            case ["scopes", "delete"]:
                self.scopes.pop(str(name))
            case ["acls", "put"]:
                self.acls[entry] = body["permission"]
            case ["acls", "get"]:
                held = {"/".join(key): permission for key, permission in self.acls.items()}
                return {"permission": _there(held, f"{query['scope']}/{query['principal']}")}
            case ["acls", "delete"]:
                _there({"/".join(key): True for key in self.acls}, "/".join(entry))
                self.acls.pop(entry)
        return {}

    def _serving_endpoints(self, method: str, rest: list[str], query: dict[str, Any], body: dict[str, Any]) -> Any:
        if method == "POST":
            if body["name"] in self.endpoints:
                raise ProviderError(f"endpoint {body['name']} already exists [RESOURCE_ALREADY_EXISTS]")
            self.endpoints[body["name"]] = {**body, "id": f"id-{next(self._ids)}", "config": None}
            return self._configure(self.endpoints[body["name"]], body.get("config") or {})
        endpoint = _there(self.endpoints, rest[0])
        match method, rest[1:]:
            case "DELETE", _:
                return self.endpoints.pop(rest[0]) and {}
            case "PUT", ["config"]:
                return self._configure(endpoint, body)
            case "PUT", ["ai-gateway"]:
                endpoint["ai_gateway"] = body
            case "PATCH", ["tags"]:
                gone = [tag["key"] for tag in body["add_tags"]] + body["delete_tags"]
                kept = [tag for tag in endpoint.get("tags") or [] if tag["key"] not in gone]
                endpoint["tags"] = kept + body["add_tags"]
        return endpoint

    def _configure(self, endpoint: dict[str, Any], config: dict[str, Any]) -> Any:
        """Serve the config, or fail at once where one of its versions is broken."""
        entities = [dict(each, workload_type="CPU") for each in config.get("served_entities") or ()]
        broken = [each for each in entities if each["entity_version"] in self.broken_versions]
        for each in entities:
            dead = {"deployment": "DEPLOYMENT_FAILED", "deployment_state_message": "ModuleNotFoundError: nope"}
            each["state"] = dead if each in broken else {"deployment": "DEPLOYMENT_READY"}
        described = {"served_entities": entities, "traffic_config": config.get("traffic_config")}
        endpoint["pending_config"] = described if broken else None
        if not broken:
            endpoint["config"] = described
        ready = "READY" if endpoint["config"] else "NOT_READY"
        endpoint["state"] = {"ready": ready, "config_update": "UPDATE_FAILED" if broken else "NOT_UPDATING"}
        return endpoint


def _there(place: dict[str, Any], name: str) -> Any:
    if name not in place:
        raise NotFoundError(f"'{name}' does not exist.")
    return place[name]


@pytest.fixture
def workspace() -> WorkspaceInMemory:
    """A workspace with nothing in it."""
    return WorkspaceInMemory()


class EngineInMemory:
    """Does with the provider what the engine does for one resource, and keeps its state."""

    def __init__(self, workspace: WorkspaceInMemory, kind: str) -> None:
        self.said: list[str] = []
        self.provider = StandIn(self, lambda _arguments: workspace)
        self.urn = f"urn:pulumi:local::rollpin::{kind}::it"
        self.id = ""
        self.inputs: dict[str, Any] = {}
        self.state: dict[str, Any] = {}

    async def announce(self) -> None:
        """Hear that this is a stand-in."""

    async def warn(self, text: str, urn: str) -> None:
        """Hear a warning."""
        self.said.append(text)

    def check(self, **inputs: Any) -> tuple[dict[str, Any], list[str]]:
        """Check inputs; returns them as they will be used, and what is wrong with them."""
        request = protocol.CheckRequest(self.urn, wrap_map(self.inputs), wrap_map(inputs), b"seed")
        answer = asyncio.run(self.provider.check(request))
        return plain_map(answer.inputs or {}), [failure.reason for failure in answer.failures or ()]

    def diff(self, **inputs: Any) -> protocol.DiffResponse:
        """Compare inputs with the state."""
        message = provider_pb2.DiffRequest(
            urn=self.urn,
            id=self.id,
            olds=PropertyValue.marshal_map(wrap_map(self.state)),
            old_inputs=PropertyValue.marshal_map(wrap_map(self.inputs)),
            news=PropertyValue.marshal_map(wrap_map(self.check(**inputs)[0])),
        )
        return asyncio.run(self.provider.diff(DiffRequest(message)))

    def up(self, **inputs: Any) -> list[str]:
        """Create, or update where something differs; returns the paths that differ."""
        used, refused = self.check(**inputs)
        assert refused == []
        if not self.id:
            created = asyncio.run(self.provider.create(protocol.CreateRequest(self.urn, wrap_map(used), 0, False)))
            self.id, self.state, self.inputs = str(created.resource_id), plain_map(created.properties), used
            return ["created"]
        paths = sorted(self.diff(**inputs).detailed_diff)
        if paths:
            self.update(used)
        return paths

    def update(self, used: dict[str, Any]) -> None:
        """Update in place, whether something differs or not."""
        request = protocol.UpdateRequest(self.urn, self.id, wrap_map(self.state), wrap_map(used), 0, [], False)
        answer = asyncio.run(self.provider.update(request))
        self.state, self.inputs = plain_map(answer.properties), used

    def refresh(self) -> None:
        """Read the resource anew; it is forgotten where it is gone."""
        request = protocol.ReadRequest(self.urn, self.id, wrap_map(self.state), wrap_map(self.inputs))
        answer = asyncio.run(self.provider.read(request))
        self.id = answer.resource_id or ""
        self.state, self.inputs = plain_map(answer.properties), plain_map(answer.inputs)

    def adopt(self, resource_id: str) -> dict[str, Any]:
        """Import a resource by its id; returns the inputs that a program needs for it."""
        self.id, self.state, self.inputs = resource_id, {}, {}
        self.refresh()
        return self.inputs

    def delete(self) -> None:
        """Delete the resource."""
        asyncio.run(self.provider.delete(protocol.DeleteRequest(self.urn, self.id, wrap_map(self.state), 0)))


@pytest.fixture
def engine(workspace: WorkspaceInMemory) -> Callable[[str], EngineInMemory]:
    """Makes an engine with one resource of the given type."""
    return lambda kind: EngineInMemory(workspace, f"databricks:index/{kind[0].lower()}{kind[1:]}:{kind}")
