"""The Files API, through databricks-sdk and beside it."""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import mlflow
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import AlreadyExists, BadRequest, NotFound, PermissionDenied

from sandbox.home import Home

FILES, DIRECTORIES = "/api/2.0/fs/files", "/api/2.0/fs/directories"
URLS = {"expire_time": "2100-01-01T00:00:00Z"}


@pytest.fixture
def root(tracking: mlflow.MlflowClient) -> str:
    """The directory of a run's artifacts."""
    experiment = tracking.create_experiment(f"/Shared/{uuid.uuid4().hex}")
    run = tracking.create_run(experiment)
    return f"/WorkspaceInternal/Mlflow/Artifacts/{experiment}/Runs/{run.info.run_id}/artifacts"


@pytest.fixture
def outsider(home: Home) -> Iterator[httpx.Client]:
    """A client without a token."""
    with httpx.Client(base_url=home.url, timeout=60, trust_env=False) as plain:
        yield plain


def test_a_file_goes_up_is_described_comes_down_and_goes(client: WorkspaceClient, root: str) -> None:
    content, path = os.urandom(300_000), f"{root}/some dir/ü%2f #?.bin"
    client.files.upload(path, io.BytesIO(content))
    about = client.files.get_metadata(path)
    assert (about.content_length, about.content_type) == (len(content), "application/octet-stream")
    stream = client.files.download(path).contents
    assert stream
    assert stream.read() == content
    client.files.delete(path)
    for gone in (client.files.get_metadata, client.files.download, client.files.delete):
        with pytest.raises(NotFound):
            gone(path)


def test_a_file_is_replaced_only_with_overwrite(client: WorkspaceClient, root: str) -> None:
    path = f"{root}/a"
    client.files.upload(path, io.BytesIO(b"old"))
    with pytest.raises(AlreadyExists, match="already exists"):
        client.files.upload(path, io.BytesIO(b"new"))
    assert client.files.get_metadata(path).content_length == 3
    client.files.upload(path, io.BytesIO(b"newer"), overwrite=True)
    assert client.files.get_metadata(path).content_length == 5


def test_directories_are_made_listed_in_pages_and_removed(client: WorkspaceClient, root: str) -> None:
    client.files.create_directory(f"{root}/d/e")
    for name in "cab":
        client.files.upload(f"{root}/d/{name}", io.BytesIO(name.encode()))
    listed = list(client.files.list_directory_contents(f"{root}/d", page_size=2))
    assert [(entry.name, entry.is_directory, entry.file_size) for entry in listed] == [
        ("a", False, 1),
        ("b", False, 1),
        ("c", False, 1),
        ("e", True, None),
    ]
    assert [entry.path for entry in listed] == [f"{root}/d/{name}" for name in "abce"]
    with pytest.raises(BadRequest, match="not empty"):
        client.files.delete_directory(f"{root}/d")
    client.files.delete_directory(f"{root}/d/e")
    with pytest.raises(NotFound):
        client.files.get_directory_metadata(f"{root}/d/e")
    with pytest.raises(NotFound):
        list(client.files.list_directory_contents(f"{root}/d/a"))


def test_a_part_of_a_file_is_given_where_it_is_asked_for(curl: httpx.Client, root: str) -> None:
    curl.put(f"{FILES}{root}/a", content=b"0123456789")
    part = curl.get(f"{FILES}{root}/a", headers={"Range": "bytes=4-"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"456789", "bytes 4-9/10")
    past = {"If-Unmodified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}
    assert curl.get(f"{FILES}{root}/a", headers=past).status_code == 412
    same = {"If-Unmodified-Since": part.headers["last-modified"], "Range": "bytes=0-0"}
    assert curl.get(f"{FILES}{root}/a", headers=same).content == b"0"


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=10-", "bytes=x", "lines=1-2", "bytes", "bytes=-"])
def test_a_part_that_a_file_does_not_have_is_refused(curl: httpx.Client, root: str, asked: str) -> None:
    curl.put(f"{FILES}{root}/a", content=b"0123456789")
    refused = curl.get(f"{FILES}{root}/a", headers={"Range": asked})
    assert (refused.status_code, refused.json()["error_code"]) == (416, "RANGE_NOT_SATISFIABLE")
    assert refused.headers["content-range"] == "bytes */10"


@pytest.mark.parametrize("year", ["99999999999999999999", "10000", "x"])
def test_a_time_that_is_none_is_no_condition(curl: httpx.Client, root: str, year: str) -> None:
    curl.put(f"{FILES}{root}/a", content=b"x")
    since = {"If-Unmodified-Since": f"Mon, 01 Jan {year} 00:00:00 GMT"}
    assert curl.get(f"{FILES}{root}/a", headers=since).content == b"x"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "path",
    ["..%2f..%2f..%2ftoken", "%2e%2e/%2e%2e/token", "a/..%2f..%2f..%2f..%2ftoken", "%2fetc%2fpasswd", "a%00b"],
)
def test_no_path_leads_out_of_the_store(curl: httpx.Client, home: Home, root: str, method: str, path: str) -> None:
    before = home.token_file.read_bytes()
    for kind in (FILES, DIRECTORIES):
        # As raw bytes: the client would resolve the dots itself.
        url = curl.base_url.copy_with(raw_path=f"{kind}{root}/{path}".encode())
        answer = curl.request(method, url, content=b"overwritten" if method == "PUT" else None)
        assert answer.status_code in {400, 404}
        assert before.strip() not in answer.content
    assert home.token_file.read_bytes() == before


def test_the_files_of_versions_are_written_by_their_registration_alone(
    curl: httpx.Client, home: Home, versions: tuple[int, int]
) -> None:
    (storage, *_) = (home.artifacts / "unity-catalog").iterdir()
    before = (storage / "model/MLmodel").read_bytes()
    path = f"unity-catalog/{storage.name}/model/MLmodel"
    as_run = f"/WorkspaceInternal/Mlflow/Artifacts/unity-catalog/Runs/{storage.name}/model/MLmodel"
    for url in (f"/api/2.0/mlflow-artifacts/artifacts/{path}", f"{FILES}{as_run}?overwrite=true"):
        assert curl.get(url.partition("?")[0]).content == before
        assert curl.put(url, content=b"x").json()["error_code"] == "PERMISSION_DENIED"
        assert curl.delete(url).json()["error_code"] == "PERMISSION_DENIED"
    assert (storage / "model/MLmodel").read_bytes() == before


@pytest.mark.parametrize("path", ["/Volumes/main/default/v/x", "/Models/main/default/nothing/1/MLmodel", "/x"])
def test_what_the_sandbox_does_not_have_is_not_found(client: WorkspaceClient, path: str) -> None:
    with pytest.raises(NotFound):
        client.files.download(path)
    with pytest.raises(NotFound):
        client.files.upload(path, io.BytesIO(b"x"))


def test_a_signed_address_opens_one_file_to_whoever_has_it(
    curl: httpx.Client, outsider: httpx.Client, root: str
) -> None:
    curl.put(f"{FILES}{root}/a", content=b"mine")
    curl.put(f"{FILES}{root}/b", content=b"other")
    url = curl.post("/api/2.0/fs/create-download-url", params={**URLS, "path": f"{root}/a"}).json()["url"]
    assert outsider.get(url).content == b"mine"
    for changed in (url.replace("artifacts%2Fa", "artifacts%2Fb"), url[:-1], url.replace("/download", "/part")):
        assert outsider.get(changed).status_code in {401, 403, 405, 501}
        assert outsider.put(changed, content=b"x").status_code in {401, 403, 405, 501}
    assert outsider.get(f"{FILES}{root}/a").status_code == 401
    assert outsider.get("/api/2.0/fs/presigned/download?path=/x").status_code == 403


def begin(curl: httpx.Client, path: str, overwrite: bool = True) -> dict[str, Any]:
    query = {"action": "initiate-upload", "overwrite": str(overwrite).lower()}
    made: dict[str, Any] = curl.post(f"{FILES}{path}", params=query).json()["multipart_upload"]
    return made


def part(
    curl: httpx.Client, outsider: httpx.Client, path: str, begun: dict[str, Any], number: int, content: bytes
) -> Any:
    body = {"path": path, "start_part_number": number, "count": 1, **begun, **URLS}
    (url,) = curl.post("/api/2.0/fs/create-upload-part-urls", json=body).json()["upload_part_urls"]
    return {"part_number": number, "etag": outsider.put(url["url"], content=content).headers["etag"]}


def complete(curl: httpx.Client, path: str, begun: dict[str, Any], parts: list[Any]) -> httpx.Response:
    query = {"action": "complete-upload", "upload_type": "multipart", **begun}
    return curl.post(f"{FILES}{path}", params=query, json={"parts": parts})


def test_an_upload_in_parts_is_there_when_it_is_complete(
    curl: httpx.Client, outsider: httpx.Client, home: Home, root: str
) -> None:
    path = f"{root}/big"
    begun = begin(curl, path)
    parts = [part(curl, outsider, path, begun, number, bytes([number]) * 100) for number in (2, 1)]
    parts.append(part(curl, outsider, path, begun, 3, b"first try"))
    again = part(curl, outsider, path, begun, 3, b"end")
    assert complete(curl, path, begun, parts).status_code == 400, "that part was replaced"
    assert curl.get(f"{FILES}{path}").status_code == 404
    assert complete(curl, path, begun, [*parts[:2], again]).json() == {}
    assert curl.get(f"{FILES}{path}").content == b"\1" * 100 + b"\2" * 100 + b"end"
    assert not (home.uploads / begun["session_token"]).exists()


def test_an_upload_that_is_aborted_leaves_nothing(
    curl: httpx.Client, outsider: httpx.Client, home: Home, root: str
) -> None:
    path = f"{root}/big"
    begun = begin(curl, path)
    part(curl, outsider, path, begun, 1, b"x")
    body = {"path": path, **begun, **URLS}
    url = curl.post("/api/2.0/fs/create-abort-upload-url", json=body).json()["abort_upload_url"]["url"]
    assert outsider.delete(url).status_code == 200
    assert not (home.uploads / begun["session_token"]).exists()
    assert complete(curl, path, begun, [{"part_number": 1, "etag": "0" * 64}]).status_code == 404


def test_a_refusal_is_read_by_who_is_still_sending(client: WorkspaceClient, versions: tuple[int, int]) -> None:
    path = f"/Models/serving/default/bot/{versions[1]}/big"
    with pytest.raises(PermissionDenied, match="it is READY"):
        client.files.upload(path, io.BytesIO(bytes(30 * 1024 * 1024)), overwrite=True)


def test_a_version_is_listed_through_the_files_api_whichever_way_it_came(
    client: WorkspaceClient, versions: tuple[int, int], tmp_path: Path
) -> None:
    for version in versions:
        names = {entry.name for entry in client.files.list_directory_contents(f"/Models/serving/default/bot/{version}")}
        assert "MLmodel" in names
