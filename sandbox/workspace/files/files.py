"""Files of the Files API: the artifacts of runs, logged models and registered versions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from functools import partial

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.files.file_answer import FileAnswer
from sandbox.workspace.files.file_paths import Place, check_writable, not_found, resolve
from sandbox.workspace.files.uploads import check_free, drafted, put
from sandbox.workspace.stores.workspace import Here, Workspace

routes = APIRouter(prefix="/api/2.0/fs/files")


@routes.api_route("/{path:path}", methods=["GET", "HEAD"])
def download(here: Here, request: Request, path: str) -> Response:
    """Give a file, or the part of it that the header Range names."""
    return send(request, find_file(here, f"/{path}"))


def find_file(workspace: Workspace, sent: str) -> Place:
    """Give the place of a file; raises ApiError when there is none."""
    place = resolve(workspace, sent)
    if not place.path.is_file():
        raise not_found(sent)
    return place


def send(request: Request, place: Place) -> Response:
    """Answer with a file; 412 where it has changed since the time that the caller names."""
    try:
        about = place.path.stat()
    except FileNotFoundError:
        raise not_found(place.sent) from None
    modified = int(about.st_mtime)
    since = request.headers.get("if-unmodified-since")
    if since and (limit := _time(since)) is not None and modified > limit:
        raise ApiError(412, "PRECONDITION_FAILED", f"The file has changed since {since}.")
    headers = {"cache-control": "no-store"}
    return FileAnswer(place.path, media_type="application/octet-stream", headers=headers, stat_result=about)


def _time(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


@routes.put("/{path:path}", status_code=204)
async def upload(here: Here, request: Request, path: str, overwrite: bool = False) -> None:
    """Write a file, and the directories above it."""
    async with read_through(request) as content:
        place = await run_sync(resolve, here, f"/{path}")
        await run_sync(check_writable, here, place)
        check_free(place, overwrite=overwrite)
        async with drafted(here) as draft:
            await draft.receive(content)
            await run_sync(partial(put, here, draft, place, overwrite=overwrite))


@asynccontextmanager
async def read_through(request: Request) -> AsyncIterator[AsyncIterator[bytes]]:
    """Give a body, and read what is left of it before a refusal: who is still sending does not read the answer."""
    # One iterator for both: a request does not give its body twice.
    content = request.stream()
    try:
        yield content
    except ApiError:
        async for _ in content:
            pass
        raise


@routes.delete("/{path:path}", status_code=204)
def delete(here: Here, path: str) -> None:
    """Remove a file."""
    place = find_file(here, f"/{path}")
    with here.changing(place.lock):
        check_writable(here, place)
        place.path.unlink(missing_ok=True)
