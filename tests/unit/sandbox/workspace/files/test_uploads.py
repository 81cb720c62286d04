from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from sandbox.home import Home
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.api.paging import Page, page
from sandbox.workspace.files import directories, part_uploads
from sandbox.workspace.files.file_paths import Place, resolve
from sandbox.workspace.files.part_uploads import Part, Parts, PartUpload
from sandbox.workspace.files.uploads import Draft, clear, drafted, new_draft, put
from sandbox.workspace.stores.deployments import Deployments
from sandbox.workspace.stores.documents import Documents
from sandbox.workspace.stores.workspace import Workspace

RUN, MODEL = "a" * 32, f"m-{'b' * 32}"
BASE = "/WorkspaceInternal/Mlflow/Artifacts/1"
PATH = f"{BASE}/Runs/{RUN}/artifacts/a/x"


@pytest.fixture
def workspace(documents: Documents, registry: Any, fake_router: Any, tmp_path: Path) -> Workspace:
    home = Home(tmp_path)
    home.create()
    registry.artifacts_by_owner[RUN] = f"mlflow-artifacts:/1/{RUN}/artifacts"
    registry.artifacts_by_owner[MODEL] = f"mlflow-artifacts:/1/models/{MODEL}/artifacts"
    return Workspace(documents, registry, cast("Deployments", fake_router), home)


@pytest.fixture
def place(workspace: Workspace) -> Place:
    return resolve(workspace, PATH)


def write(workspace: Workspace, place: Place, *chunks: bytes | Exception, overwrite: bool = False) -> None:
    async def arriving() -> AsyncIterator[bytes]:
        for chunk in chunks:
            if isinstance(chunk, Exception):
                raise chunk
            assert not place.path.exists() or overwrite, "nothing is there before all of it is"
            yield chunk

    async def upload() -> None:
        async with drafted(workspace) as draft:
            await draft.receive(arriving())
            put(workspace, draft, place, overwrite=overwrite)

    asyncio.run(upload())


def test_a_file_is_there_once_it_is_whole(workspace: Workspace, place: Place) -> None:
    write(workspace, place, b"one ", b"two")
    assert place.path.read_bytes() == b"one two"
    assert place.path == workspace.home.artifacts / f"1/{RUN}/artifacts/a/x"
    assert list(workspace.home.uploads.iterdir()) == []


def test_of_an_upload_that_breaks_off_nothing_is_left(workspace: Workspace, place: Place) -> None:
    with pytest.raises(ConnectionError):
        write(workspace, place, b"half", ConnectionError())
    assert not place.path.exists()
    assert list(workspace.home.uploads.iterdir()) == []


def test_a_file_is_replaced_only_where_that_is_asked_for(workspace: Workspace, place: Place) -> None:
    write(workspace, place, b"old")
    with pytest.raises(ApiError, match="already exists") as refused:
        put(workspace, cast("Any", None), place, overwrite=False)
    assert (refused.value.status, refused.value.code) == (409, "ALREADY_EXISTS")
    assert place.path.read_bytes() == b"old"
    write(workspace, place, b"new", overwrite=True)
    assert place.path.read_bytes() == b"new"


@pytest.mark.parametrize("other", [f"{PATH}/below", PATH.removesuffix("/x")])
def test_a_file_and_a_directory_do_not_share_a_name(workspace: Workspace, place: Place, other: str) -> None:
    write(workspace, place, b"file")
    with pytest.raises(ApiError, match="already exists"):
        write(workspace, resolve(workspace, other), b"x", overwrite=True)
    assert place.path.read_bytes() == b"file"


def test_the_directory_of_versions_is_not_written_as_a_run(workspace: Workspace) -> None:
    other = resolve(workspace, "/WorkspaceInternal/Mlflow/Artifacts/unity-catalog/Runs/" + "5" * 32 + "/model/MLmodel")
    with pytest.raises(ApiError, match="only their registration writes"):
        write(workspace, other, b"x", overwrite=True)
    assert not other.path.exists()


@pytest.mark.parametrize(
    "path",
    [
        f"{BASE}/Runs/{'c' * 32}/artifacts/x",
        f"{BASE}/LoggedModels/m-{'c' * 32}/artifacts/x",
        f"{BASE}/Runs/{RUN}/x",
        f"{BASE}/Runs/{RUN}",
        f"{BASE}2/Runs/{RUN}/artifacts/x",
        f"{BASE}/Runs/{RUN}/artifacts2/x",
        f"{BASE}/LoggedModels/{MODEL}",
    ],
)
def test_what_is_no_ones_artifact_is_not_written(workspace: Workspace, path: str) -> None:
    with pytest.raises(ApiError, match="not found") as refused:
        write(workspace, resolve(workspace, path), b"x", overwrite=True)
    assert (refused.value.status, list(workspace.home.artifacts.iterdir())) == (404, [])


def test_a_file_of_a_logged_model_is_written(workspace: Workspace) -> None:
    write(workspace, resolve(workspace, f"{BASE}/LoggedModels/{MODEL}/artifacts/MLmodel"), b"x")
    assert (workspace.home.artifacts / f"1/models/{MODEL}/artifacts/MLmodel").read_bytes() == b"x"


def test_a_start_clears_drafts_and_old_uploads_in_parts(workspace: Workspace) -> None:
    (workspace.home.uploads / "left.draft").write_bytes(b"half")
    old, new = (PartUpload.begin(workspace, PATH, overwrite=True) for _ in range(2))
    os.utime(old.directory, (time.time() - 2 * 24 * 3600,) * 2)
    clear(workspace.home.uploads)
    assert [path.name for path in workspace.home.uploads.iterdir()] == [new.session]


@pytest.mark.parametrize("session", ["", "..", "x", "0" * 32, "../" + "0" * 29])
def test_an_upload_that_was_not_begun_is_not_found(workspace: Workspace, session: str) -> None:
    with pytest.raises(ApiError, match="no upload is under way"):
        PartUpload.find(workspace, session, PATH)


def test_parts_are_of_one_upload_to_one_path(workspace: Workspace) -> None:
    begun = PartUpload.begin(workspace, PATH, overwrite=True)
    assert PartUpload.find(workspace, begun.session, PATH) == begun
    with pytest.raises(ApiError, match="another path"):
        PartUpload.find(workspace, begun.session, f"{PATH}2")
    for etag in ("0" * 64, "../../token", ""):
        with pytest.raises(ApiError, match="part 1 with that etag has not arrived"):
            begun.parts({1: etag})


def test_an_upload_that_has_ended_meanwhile_takes_no_part(workspace: Workspace) -> None:
    begun = PartUpload.begin(workspace, PATH, overwrite=True)
    draft = new_draft(workspace)
    draft.path.write_bytes(b"late")
    begun.remove()
    with pytest.raises(ApiError, match="no upload is under way") as refused:
        begun.keep(1, draft)
    assert (refused.value.status, begun.directory.exists()) == (404, False)


def test_of_two_completions_at_once_the_later_finds_no_upload(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = PartUpload.begin(workspace, PATH, overwrite=True)
    draft = new_draft(workspace)
    draft.path.write_bytes(b"part")
    draft.etag = "0" * 64
    begun.keep(1, draft)
    join = Draft.join
    # The other completion ends between this one's look at the parts and its reading of them.
    monkeypatch.setattr(Draft, "join", lambda *parts: (begun.remove(), join(*parts)))
    with pytest.raises(ApiError, match="no upload is under way") as refused:
        part_uploads.act(
            workspace,
            PATH.removeprefix("/"),
            "complete-upload",
            session_token=begun.session,
            body=Parts(parts=[Part(part_number=1, etag=draft.etag)]),
        )
    assert (refused.value.status, list(workspace.home.uploads.iterdir())) == (404, [])


def test_a_listing_leaves_out_what_is_gone_since(
    workspace: Workspace, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("kept", "gone"):
        write(workspace, resolve(workspace, f"{PATH}/{name}"), b"x")

    def meanwhile(names: list[str], *rest: Any) -> Page[str]:
        (place.path / "gone").unlink(missing_ok=True)
        return page(names, *rest)

    monkeypatch.setattr(directories, "page", meanwhile)
    listed = directories.list_directory(workspace, PATH.removeprefix("/"))
    assert [entry["name"] for entry in listed["contents"]] == ["kept"]
