"""A version that is being registered, step by step, as MLflow's client does it in one go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PREFIX = "/api/2.0/mlflow/unity-catalog"


@dataclass(frozen=True)
class Pending:
    """A version of a model, and the requests about it."""

    curl: httpx.Client
    model: str
    version: str

    @classmethod
    def begin(cls, curl: httpx.Client, model: str, **fields: Any) -> Pending:
        """Register the model, if it is not, and a version without files."""
        curl.post(f"{PREFIX}/registered-models/create", json={"name": model})
        body = {"name": model, "source": "models:/m-0", **fields}
        made = curl.post(f"{PREFIX}/model-versions/create", json=body)
        assert made.status_code == 200, made.text
        return cls(curl, model, made.json()["model_version"]["version"])

    @property
    def files(self) -> str:
        return f"/api/2.0/fs/files/Models/{self.model.replace('.', '/')}/{self.version}"

    def put(self, name: str, content: bytes) -> httpx.Response:
        return self.curl.put(f"{self.files}/{name}", params={"overwrite": "true"}, content=content)

    def upload(self, directory: Path) -> None:
        for file in directory.rglob("*"):
            if file.is_file():
                assert self.put(str(file.relative_to(directory)), file.read_bytes()).status_code == 204

    def finalize(self) -> httpx.Response:
        body = {"name": self.model, "version": self.version}
        return self.curl.post(f"{PREFIX}/model-versions/finalize", json=body)

    def get(self) -> dict[str, Any]:
        query = {"name": self.model, "version": self.version}
        found: dict[str, Any] = self.curl.get(f"{PREFIX}/model-versions/get", params=query).json()["model_version"]
        return found
