"""The public address: who is let in, with what, and how the rest is passed on."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, PermissionDenied, ResourceDoesNotExist

INVOCATIONS = "/serving-endpoints/chat/invocations"
ARTIFACT = "/api/2.0/mlflow-artifacts/artifacts/1/model.bin"
MEGABYTE = 1024 * 1024


@pytest.fixture
def client(shared_router):
    with shared_router.client() as client:
        yield client


def test_a_request_without_a_credential_is_answered_401(shared_router):
    for path in ("/", "/api/2.0/x", INVOCATIONS, "/.well-known/databricks-config/../api"):
        response = httpx.post(f"{shared_router.home.url}{path}", trust_env=False)
        assert (response.status_code, response.json()["error_code"]) == (401, "UNAUTHENTICATED")


def test_a_request_with_a_wrong_token_is_answered_403(shared_router):
    for token in ("wrong", shared_router.home.token[:-1], shared_router.home.token + "x", "é"):
        headers = {"Authorization": f"Bearer {token}".encode()}
        response = httpx.post(f"{shared_router.home.url}{INVOCATIONS}", headers=headers, trust_env=False)
        assert (response.status_code, response.json()["error_code"]) == (403, "PERMISSION_DENIED")


def test_what_the_sdk_asks_before_it_authenticates_is_open(shared_router):
    url = f"{shared_router.home.url}/.well-known/databricks-config"
    assert httpx.get(url, trust_env=False).status_code == 200


def test_another_hosts_name_is_refused_even_with_the_token(client):
    for host in ("evil.example", "127.0.0.1.evil.example:80", "", "[::1", "10.0.0.1"):
        response = client.get("/x", headers={"Host": host})
        assert (response.status_code, response.json()["error_code"]) == (403, "PERMISSION_DENIED")
    assert client.get("/x", headers={"Host": "localhost:1234"}).status_code == 200


def test_the_sdk_raises_what_databricks_errors_it_would_raise(shared_router):
    url, token = shared_router.home.url, shared_router.home.token
    workspace = WorkspaceClient(host=url, token=token, auth_type="pat")
    with pytest.raises(ResourceDoesNotExist, match="'chat' does not exist"):
        workspace.serving_endpoints.query("chat", inputs=["a"])
    with pytest.raises(InvalidParameterValue, match="larger than the limit of 16777216 bytes"):
        workspace.api_client.do("POST", "/api/2.0/x", body={"text": "a" * 17 * MEGABYTE})
    with pytest.raises(PermissionDenied, match="Invalid access token"):
        WorkspaceClient(host=url, token="wrong", auth_type="pat").current_user.me()


def test_a_browser_signs_in_with_the_token_and_gets_a_cookie_that_scripts_cannot_read(shared_router):
    with httpx.Client(base_url=shared_router.home.url, trust_env=False) as browser:
        asked = browser.get("/", headers={"Accept": "text/html"})
        assert (asked.status_code, 'action="/login"' in asked.text) == (401, True)
        wrong = browser.post("/login", data={"token": "wrong"})
        assert (wrong.status_code, wrong.headers.get("set-cookie")) == (403, None)
        right = browser.post("/login", data={"token": shared_router.home.token})
        assert (right.status_code, right.headers["location"]) == (303, "/")
        cookie = right.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
        assert shared_router.home.token not in cookie
        assert browser.get("/").json()["target"] == "/"


def test_a_change_by_cookie_must_come_from_the_sandboxs_own_pages(shared_router):
    with httpx.Client(base_url=shared_router.home.url, trust_env=False) as browser:
        browser.post("/login", data={"token": shared_router.home.token})
        for headers in ({}, {"Origin": "http://127.0.0.1:1"}, {"Origin": "null"}):
            assert browser.post("/x", headers=headers).status_code == 403
        assert browser.post("/x", headers={"Origin": shared_router.home.url}).status_code == 200
        browser.cookies.set(f"rollpin-{shared_router.home.port}", "forged", domain="127.0.0.1")
        assert browser.post("/x", headers={"Origin": shared_router.home.url}).status_code == 403


def test_a_request_is_passed_on_as_it_was_sent_but_for_its_credentials(shared_router):
    target, host = "/api//a/../b%2Fc?x=1&x=%20", f"127.0.0.1:{shared_router.home.port}"
    own = {"X-Custom": "kept", "Cookie": "a=b", "Authorization": f"Bearer {shared_router.home.token}"}
    hops = {"Connection": "X-Hop", "X-Hop": "dropped", "X-Forwarded-For": "6.6.6.6", "TE": "trailers"}
    # Not httpx, which tidies paths up.
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("PATCH", target, b"body", own | hops)
    seen = json.loads(connection.getresponse().read())
    connection.close()
    assert (seen["method"], seen["target"], seen["size"]) == ("PATCH", target, 4)
    headers = {name.lower(): value for name, value in seen["headers"]}
    assert (headers["host"], headers["x-custom"]) == (host, "kept")
    assert not {"authorization", "cookie", "x-hop", "x-forwarded-for", "te"} & headers.keys()


@pytest.mark.parametrize("path", ["/api/2.0/x", "/login", "/x?path=/api/2.0/mlflow-artifacts/"])
def test_a_body_over_its_bound_is_refused_whether_announced_or_not(client, path):
    body = bytes(17 * MEGABYTE)
    announced = client.post(path, content=body)
    chunked = client.post(path, content=(body[at : at + MEGABYTE] for at in range(0, len(body), MEGABYTE)))
    for response in (announced, chunked):
        assert (response.status_code, response.json()["error_code"]) == (413, "INVALID_PARAMETER_VALUE")


def test_an_artifact_of_any_size_is_streamed_in_and_out(client):
    block = os.urandom(MEGABYTE)
    seen = client.put(ARTIFACT, content=(block for _ in range(40))).json()
    assert seen["sha256"] == hashlib.sha256(block * 40).hexdigest()
    with client.stream("GET", "/download/40") as response:
        assert sum(map(len, response.iter_raw())) == 40 * MEGABYTE


def test_answers_without_a_body_leave_the_connection_usable(client):
    for method, path, status in (("HEAD", "/x", 200), ("GET", "/empty", 204), ("HEAD", "/download/1", 200)):
        response = client.request(method, path)
        assert (response.status_code, response.content) == (status, b"")
    assert client.get("/x").json()["target"] == "/x"


def test_a_body_is_invited_only_once_its_head_has_been_let_in(shared_router):
    def first_line(path: str, token: str, length: int) -> bytes:
        head = (
            f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", shared_router.home.port), timeout=10) as connection:
            connection.sendall(head.encode())
            return connection.recv(4096).splitlines()[0]

    token = shared_router.home.token
    assert first_line(ARTIFACT, token, 5) == b"HTTP/1.1 100 Continue"
    assert first_line("/x", token, 17 * MEGABYTE).startswith(b"HTTP/1.1 413")
    assert first_line(ARTIFACT, "wrong", 5).startswith(b"HTTP/1.1 403")


def test_what_is_no_http_is_refused(shared_router):
    for nonsense in (
        b"\x16\x03\x01\r\n\r\n",
        b"GET  HTTP\r\n\r\n",
        b"GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", shared_router.home.port), timeout=10) as connection:
            connection.sendall(nonsense)
            assert connection.recv(4096).split()[1] in {b"400", b"401"}


def test_requests_wait_while_the_api_starts_again(client, until, alive):
    first = client.get("/x").json()["pid"]
    os.kill(first, signal.SIGKILL)
    until(lambda: not alive(first), "it is gone")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.get("/x"), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert first not in {answer.json()["pid"] for answer in answers}


def test_a_request_that_the_api_dies_under_is_answered_502(client):
    response = client.post("/die", json={})
    assert (response.status_code, response.json()["error_code"]) == (502, "INTERNAL_ERROR")
    assert client.get("/x").status_code == 200


def test_an_answer_that_the_api_dies_under_is_broken_off_and_not_passed_for_whole(client):
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/die-halfway")
    assert client.get("/x").status_code == 200


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("..%2Fescape", {}),
        ("a.b", {}),
        ("-a", {}),
        ("a" * 64, {}),
        ("chat", {"name": "../v1"}),
        ("chat", {"name": 7}),
        ("chat", {"model_dir": "relative"}),
        ("chat", {"entity_version": 1}),
        ("chat", {"environment_vars": {"A": 1}}),
        ("chat", {"environment_vars": {"A=B": "1"}}),
    ],
)
def test_a_malformed_deployment_is_refused_and_changes_nothing(shared_router, name, change):
    entity = {"name": "v1", "entity_name": "a.b.c", "entity_version": "1", "model_dir": "/nowhere"}
    before = sorted(shared_router.home.root.rglob("*"))
    with shared_router.control() as control:
        response = control.put(f"/deployments/{name}", json={"served_entities": [entity | change]})
        assert (response.status_code, response.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
        assert control.get("/deployments").json() == {"deployments": {}}
    assert sorted(shared_router.home.root.rglob("*")) == before


def test_a_control_request_that_is_no_json_is_refused(shared_router):
    with shared_router.control() as control:
        for body in (b"{", b"\xff", b"[]", json.dumps({"served_entities": {}}).encode()):
            assert control.put("/deployments/chat", content=body).status_code == 400
        assert control.get("/deployments/chat").status_code == 404
        assert control.get("/nowhere").json()["error_code"] == "BAD_REQUEST"
