"""What signed addresses lead to, and the requests for them: downloads, and the parts of a large upload."""

from __future__ import annotations

from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from sandbox.workspace.api.bodies import Body
from sandbox.workspace.api.errors import Json
from sandbox.workspace.files.file_paths import check_writable, resolve
from sandbox.workspace.files.files import find_file, read_through, send
from sandbox.workspace.files.part_uploads import PART, PartUpload
from sandbox.workspace.files.signed_addresses import PREFIX, Signer
from sandbox.workspace.files.uploads import drafted
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace

routes = APIRouter(default_response_class=Json)


class PartUrls(Body):
    """What a request for the addresses of parts takes."""

    path: str
    session_token: str
    start_part_number: Annotated[int, Field(ge=1, le=PART)]
    count: Annotated[int, Field(ge=1, le=100)]
    expire_time: str


class AbortUrl(Body):
    """What a request for the address that ends an upload takes."""

    path: str
    session_token: str
    expire_time: str


@routes.post("/api/2.0/fs/create-download-url")
def create_download_url(
    here: Here, request: Request, path: Annotated[str, Query()], expire_time: Annotated[str, Query()]
) -> Document:
    """Give an address that a file can be read from."""
    find_file(here, path)
    return _url(request, _signer(here).sign("download", {"path": path}, expire_time))


@routes.post("/api/2.0/fs/create-upload-part-urls")
def create_part_urls(here: Here, request: Request, body: PartUrls) -> dict[str, Any]:
    """Give addresses that parts of an upload can be written to."""
    upload = PartUpload.find(here, body.session_token, body.path)
    numbers = range(body.start_part_number, body.start_part_number + body.count)
    fields = {"path": upload.path, "session": upload.session}
    signed = {
        number: _signer(here).sign("part", {**fields, "number": str(number)}, body.expire_time) for number in numbers
    }
    return {"upload_part_urls": [{**_url(request, url), "part_number": number} for number, url in signed.items()]}


@routes.post("/api/2.0/fs/create-abort-upload-url")
def create_abort_url(here: Here, request: Request, body: AbortUrl) -> Document:
    """Give an address that ends an upload."""
    upload = PartUpload.find(here, body.session_token, body.path)
    fields = {"path": upload.path, "session": upload.session}
    return {"abort_upload_url": _url(request, _signer(here).sign("abort", fields, body.expire_time))}


def _url(request: Request, path: str) -> Document:
    return {"url": f"{str(request.base_url).rstrip('/')}{path}", "headers": []}


@routes.api_route(f"{PREFIX}/download", methods=["GET", "HEAD"])
def download(here: Here, request: Request) -> Response:
    """Give the file of a signed address."""
    fields = dict(request.query_params)
    _signer(here).check("download", fields)
    return send(request, find_file(here, fields["path"]))


@routes.put(f"{PREFIX}/part")
async def upload_part(here: Here, request: Request) -> Response:
    """Take a part of an upload."""
    async with read_through(request) as content:
        fields = dict(request.query_params)
        _signer(here).check("part", fields)
        upload = await run_sync(PartUpload.find, here, fields["session"], fields["path"])
        await run_sync(lambda: check_writable(here, resolve(here, upload.path)))
        async with drafted(here) as draft:
            await draft.receive(content)
            await run_sync(upload.keep, int(fields["number"]), draft)
    return Response(headers={"ETag": draft.etag})


@routes.delete(f"{PREFIX}/abort")
def abort(here: Here, request: Request) -> dict[str, Any]:
    """End an upload: its parts go."""
    fields = dict(request.query_params)
    _signer(here).check("abort", fields)
    PartUpload.find(here, fields["session"], fields["path"]).remove()
    return {}


def _signer(here: Workspace) -> Signer:
    return Signer(here.home.token)
