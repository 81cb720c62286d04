"""A registry without MLflow and a router without processes, at the API's two seams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.api.paging import Page
from sandbox.workspace.stores.documents import Documents
from sandbox.workspace.stores.registered_models import Model, Version


@pytest.fixture
def documents(tmp_path: Path) -> Iterator[Documents]:
    store = Documents(tmp_path / "workspace.db")
    yield store
    store.close()


@dataclass
class FakeRegistry:
    models_by_name: dict[str, Model] = field(default_factory=dict)
    versions_by_name: dict[tuple[str, int], Version] = field(default_factory=dict)
    artifacts_by_owner: dict[str, str] = field(default_factory=dict)
    directory: Path = Path("/nowhere")

    def add(self, name: str, *statuses: str) -> None:
        self.models_by_name[name] = Model(name=name, created_at=1, updated_at=1)
        for number, status in enumerate(statuses, 1):
            self.versions_by_name[name, number] = Version(
                model=name, version=number, status=status, created_at=1, updated_at=1
            )

    def model(self, name: str) -> Model | None:
        return self.models_by_name.get(name)

    def version(self, name: str, version: int) -> Version | None:
        return self.versions_by_name.get((name, version))

    def version_at(self, source: str) -> Version | None:
        name, _, number = source.removeprefix("models:/").partition("/")
        return self.version(name, int(number)) if number.isdecimal() else None

    def sharing(self, storage: str) -> list[Version]:
        return [version for version in self.versions_by_name.values() if version.storage == storage]

    def artifacts(self, owner: str) -> str | None:
        return self.artifacts_by_owner.get(owner)

    def versions(self, name: str, limit: int, token: str | None) -> Page[Version]:
        assert token is None
        found = [version for (model, _), version in self.versions_by_name.items() if model == name]
        return Page(found[:limit], None)

    def model_dir(self, name: str, version: int) -> Path:
        assert (name, version) in self.versions_by_name
        return self.directory


@dataclass
class FakeRouter:
    deployed: dict[str, Any] = field(default_factory=dict)
    gateways: dict[str, Any] = field(default_factory=dict)
    refusal: ApiError | None = None

    def put_gateway(self, endpoint: str, asked: dict[str, Any]) -> None:
        self.gateways[endpoint] = asked

    def put_gateways(self, asked: dict[str, dict[str, Any]]) -> None:
        self.gateways = dict(asked)

    def put(self, endpoint: str, config: dict[str, Any]) -> dict[str, Any]:
        if self.refusal:
            raise self.refusal
        state = {"ready": "READY", "config_update": "NOT_UPDATING"}
        document: dict[str, Any] = {"config": config, "state": state}
        self.deployed[endpoint] = document
        return document

    def get(self, endpoint: str) -> dict[str, Any] | None:
        return self.deployed.get(endpoint)


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def fake_router() -> FakeRouter:
    return FakeRouter()
