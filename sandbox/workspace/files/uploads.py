"""Files on their way into the artifact store: written beside it, and there under their name whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from anyio.to_thread import run_sync

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.files.file_paths import Place, check_writable
from sandbox.workspace.stores.workspace import Workspace

_OLDEST = 24 * 3600  # seconds that an upload in parts may rest
_CHUNK = 1024 * 1024


class Draft:
    """A file that nobody sees yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.etag = ""
        """The digest of what was received."""

    async def receive(self, chunks: AsyncIterator[bytes]) -> None:
        """Write what arrives; its end is on disk when this returns."""
        digest = hashlib.sha256()
        async with await anyio.open_file(self.path, "xb") as file:
            async for chunk in chunks:
                digest.update(chunk)
                await file.write(chunk)
            await file.flush()
            await run_sync(os.fsync, file.wrapped.fileno())
        self.etag = digest.hexdigest()

    def join(self, parts: Sequence[Path]) -> None:
        """Write parts one after the other."""
        with self.path.open("xb") as file:
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, file, _CHUNK)
            file.flush()
            os.fsync(file.fileno())


@asynccontextmanager
async def drafted(workspace: Workspace) -> AsyncIterator[Draft]:
    """Give a draft, which is gone afterwards unless it was put in its place."""
    draft = new_draft(workspace)
    try:
        yield draft
    finally:
        draft.path.unlink(missing_ok=True)


def new_draft(workspace: Workspace) -> Draft:
    """Name a draft; its file is not there yet."""
    return Draft(workspace.home.uploads / f"{secrets.token_hex(16)}.draft")


def put(workspace: Workspace, draft: Draft, place: Place, *, overwrite: bool) -> None:
    """Put a whole draft in its place in one step; raises ApiError where it cannot be, or may not be any more."""
    with workspace.changing(place.lock):
        check_writable(workspace, place)
        check_free(place, overwrite=overwrite)
        try:
            place.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if overwrite:
                draft.path.replace(place.path)
            else:
                place.path.hardlink_to(draft.path)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            raise taken(place) from None


def check_free(place: Place, *, overwrite: bool) -> None:
    """Raise ApiError where a directory has the name, or a file that is not to be replaced."""
    if place.exists_as_directory() or (place.path.exists() and not overwrite):
        raise taken(place)


def taken(place: Place) -> ApiError:
    """Say that something else has the name, or a file that of a directory above."""
    return ApiError(409, "ALREADY_EXISTS", f"The file being created already exists, or a directory does: {place.sent}")


def clear(uploads: Path) -> None:
    """Remove what an ended process has left: all drafts, and uploads in parts that nobody has gone on with."""
    for path in uploads.iterdir():
        if path.suffix == ".draft":
            path.unlink(missing_ok=True)
        elif path.stat().st_mtime < time.time() - _OLDEST:
            shutil.rmtree(path, ignore_errors=True)
