"""Uploads in parts: how the SDK sends a file of 50 MiB or more."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from sandbox.home import write_private
from sandbox.workspace.api.bodies import Body
from sandbox.workspace.api.errors import ApiError, Json, invalid
from sandbox.workspace.files.file_paths import check_writable, not_found, resolve
from sandbox.workspace.files.uploads import Draft, check_free, new_draft, put
from sandbox.workspace.stores.workspace import Here, Workspace

routes = APIRouter(prefix="/api/2.0/fs/files", default_response_class=Json)
PART = 10_000
"""The highest number of a part."""
_SESSION = re.compile(r"[0-9a-f]{32}")
_ABOUT = "about.json"


@dataclass(frozen=True, kw_only=True)
class PartUpload:
    """An upload that is under way: its parts are files in `directory`, so that it outlives the process."""

    session: str
    path: str
    overwrite: bool
    directory: Path

    @classmethod
    def begin(cls, workspace: Workspace, path: str, *, overwrite: bool) -> PartUpload:
        """Begin an upload to a path."""
        session = secrets.token_hex(16)
        directory = workspace.home.uploads / session
        directory.mkdir(mode=0o700)
        write_private(directory / _ABOUT, json.dumps({"path": path, "overwrite": overwrite}))
        return cls(session=session, path=path, overwrite=overwrite, directory=directory)

    @classmethod
    def find(cls, workspace: Workspace, session: str, path: str) -> PartUpload:
        """Give the upload of that session to that path; raises ApiError when there is none."""
        directory = workspace.home.uploads / session
        if not _SESSION.fullmatch(session) or not (directory / _ABOUT).is_file():
            raise _none()
        with _under_way():
            about = json.loads((directory / _ABOUT).read_text())
        if about["path"] != path:
            raise invalid(f"path: the upload with this session_token is one to another path, found {path[:200]!r}.")
        return cls(session=session, directory=directory, **about)

    def keep(self, number: int, draft: Draft) -> None:
        """Take a part that has arrived whole, in place of an earlier one of that number."""
        with _under_way():
            for old in self.directory.glob(f"{number}-*"):
                old.unlink(missing_ok=True)
            draft.path.replace(self.directory / f"{number}-{draft.etag}")

    def parts(self, etags: Mapping[int, str]) -> list[Path]:
        """Give the files of parts in their order; raises ApiError for one that has not arrived."""
        found = [self.directory / f"{number}-{etag}" for number, etag in sorted(etags.items())]
        for (number, _), file in zip(sorted(etags.items()), found, strict=True):
            if not re.fullmatch(r"[0-9]+-[0-9a-f]{64}", file.name) or not file.is_file():
                raise invalid(f"parts: part {number} with that etag has not arrived.")
        return found

    def remove(self) -> None:
        """Forget the upload and its parts."""
        shutil.rmtree(self.directory, ignore_errors=True)


@contextmanager
def _under_way() -> Iterator[None]:
    # Another request can complete or end the upload at any moment, and takes its files away.
    try:
        yield
    except FileNotFoundError:
        raise _none() from None


def _none() -> ApiError:
    return not_found("no upload is under way with this session_token")


class Part(Body):
    """A part that the caller has sent."""

    part_number: Annotated[int, Field(ge=1, le=PART)]
    etag: str


class Parts(Body):
    """What a request to complete an upload takes."""

    parts: list[Part] = Field(min_length=1)


@routes.post("/{path:path}")
def act(
    here: Here,
    path: str,
    action: Annotated[Literal["initiate-upload", "complete-upload"], Query()],
    overwrite: bool = False,
    session_token: str = "",
    upload_type: Annotated[Literal["multipart"], Query()] = "multipart",  # noqa: ARG001 -- checked by its type
    body: Parts | None = None,
) -> dict[str, Any]:
    """Begin an upload in parts, or put the parts together in their place."""
    if action == "initiate-upload":
        return _begin(here, f"/{path}", overwrite=overwrite)
    if body is None:
        raise invalid("parts is required.")
    _complete(here, PartUpload.find(here, session_token, f"/{path}"), body)
    return {}


def _begin(workspace: Workspace, path: str, *, overwrite: bool) -> dict[str, Any]:
    place = resolve(workspace, path)
    check_writable(workspace, place)
    check_free(place, overwrite=overwrite)
    return {"multipart_upload": {"session_token": PartUpload.begin(workspace, path, overwrite=overwrite).session}}


def _complete(workspace: Workspace, upload: PartUpload, sent: Parts) -> None:
    parts = upload.parts({part.part_number: part.etag for part in sent.parts})
    draft = new_draft(workspace)
    try:
        with _under_way():
            draft.join(parts)
        put(workspace, draft, resolve(workspace, upload.path), overwrite=upload.overwrite)
    finally:
        draft.path.unlink(missing_ok=True)
    upload.remove()
