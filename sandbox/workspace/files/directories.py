"""Directories of the Files API."""

from __future__ import annotations

import os
import stat
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from sandbox.workspace.api.bodies import PageToken
from sandbox.workspace.api.errors import ApiError, Json
from sandbox.workspace.api.paging import page
from sandbox.workspace.files.file_paths import Place, check_writable, not_found, resolve
from sandbox.workspace.files.uploads import check_free, taken
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace

routes = APIRouter(prefix="/api/2.0/fs/directories", default_response_class=Json)
PageSize = Annotated[int, Query(ge=0)]
_LARGEST_PAGE = 1000


@routes.get("/{path:path}")
def list_directory(here: Here, path: str, page_size: PageSize = 0, page_token: PageToken = None) -> dict[str, Any]:
    """List what is in a directory, by name."""
    place = _find(here, f"/{path}")
    part = page(_names(place), min(page_size or _LARGEST_PAGE, _LARGEST_PAGE), page_token)
    token = {"next_page_token": part.token} if part.token else {}
    return {"contents": [entry for name in part.items if (entry := _entry(place, name))], **token}


@routes.head("/{path:path}")
def check_directory(here: Here, path: str) -> Response:
    """Say whether there is such a directory."""
    _find(here, f"/{path}")
    return Response()


@routes.put("/{path:path}", status_code=204)
def create_directory(here: Here, path: str) -> None:
    """Make a directory, and those above it; nothing happens to one that is there."""
    place = resolve(here, f"/{path}")
    with here.changing(place.lock):
        check_writable(here, place)
        if place.path.is_dir():
            return
        check_free(place, overwrite=False)
        try:
            place.path.mkdir(mode=0o700, parents=True)
        except (FileExistsError, NotADirectoryError):
            raise taken(place) from None


@routes.delete("/{path:path}", status_code=204)
def delete_directory(here: Here, path: str) -> None:
    """Remove an empty directory."""
    place = _find(here, f"/{path}")
    with here.changing(place.lock):
        check_writable(here, place)
        if _names(place):
            raise _not_empty(place)
        try:
            place.path.rmdir()
        except FileNotFoundError:
            return  # Of a version before its first file, or gone meanwhile.
        except OSError:
            raise _not_empty(place) from None


def _find(workspace: Workspace, sent: str) -> Place:
    place = resolve(workspace, sent)
    if not place.exists_as_directory():
        raise not_found(sent)
    return place


def _not_empty(place: Place) -> ApiError:
    return ApiError(400, "DIRECTORY_NOT_EMPTY", f"The directory being deleted is not empty: {place.sent}")


def _names(place: Place) -> list[str]:
    try:
        with os.scandir(place.path) as entries:
            return sorted(entry.name for entry in entries if not entry.is_symlink())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _entry(place: Place, name: str) -> Document | None:
    try:
        about = (place.path / name).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None  # Gone since the listing.
    shown: Document = {
        "path": f"{place.sent.removesuffix('/')}/{name}",
        "name": name,
        "is_directory": stat.S_ISDIR(about.st_mode),
        "last_modified": int(about.st_mtime * 1000),
    }
    return shown if shown["is_directory"] else shown | {"file_size": about.st_size}
