from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.home import Home
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.registry.version_files import RECORDS, address, check_unreserved, is_reserved, storage_of, sweep
from sandbox.workspace.stores.deployments import Deployments
from sandbox.workspace.stores.documents import Documents
from sandbox.workspace.stores.registered_models import Registry
from sandbox.workspace.stores.workspace import Workspace


@dataclass
class Holding:
    """A registry of which only the storages matter, and a router of which only what it serves does."""

    held: set[str]
    served: list[str] = field(default_factory=list)

    def storages(self) -> set[str]:
        return self.held

    def all(self) -> dict[str, Any]:
        entities = [{"model_dir": f"/x/unity-catalog/{storage}/model"} for storage in self.served]
        return {"chat": {"config": {"served_entities": entities}, "pending_config": None}}


@pytest.mark.parametrize(
    "path",
    [
        "unity-catalog/s/MLmodel",
        "/unity-catalog",
        "./unity-catalog/s",
        "Unity-Catalog/s",
        "%75nity-catalog/s",
        "%2575nity-catalog/s",
        "unity-catalog%2fs",
        "//unity-catalog",
        "1/../unity-catalog/s",
        "\\unity-catalog\\s",
        "",
        ".",
        "/",
    ],
)
def test_the_directory_of_versions_is_reserved_however_it_is_written(path: str) -> None:
    assert is_reserved(path)
    with pytest.raises(ApiError, match="only their registration writes"):
        check_unreserved(path)


@pytest.mark.parametrize("path", ["1/r/artifacts/x", "1/unity-catalog/x", "unity-catalog2/x", "1/%"])
def test_other_paths_are_not(path: str) -> None:
    check_unreserved(path)


@given(st.text(max_size=30))
def test_the_address_of_a_storage_names_it(storage: str) -> None:
    assert storage_of(address(storage)) == storage
    assert storage_of(f"mlflow-artifacts:/1/{storage}") == ""


def test_files_and_records_go_with_their_version_but_not_under_an_endpoint(
    tmp_path: Path, documents: Documents
) -> None:
    home = Home(tmp_path)
    for storage in ("held", "gone", "served"):
        (home.artifacts / "unity-catalog" / storage).mkdir(parents=True)
        documents.put(RECORDS, storage, {})
    fakes = Holding({"held"}, ["served"])
    sweep(Workspace(documents, cast("Registry", fakes), cast("Deployments", fakes), home))
    assert {path.name for path in (home.artifacts / "unity-catalog").iterdir()} == {"held", "served"}
    assert set(documents.all(RECORDS)) == {"held"}
