from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp.test_utils import make_mocked_request

from sandbox.serving.errors import ApiError
from sandbox.serving.gateway import Gateway, Limit
from sandbox.serving.gateways import LiveGateway
from sandbox.serving.invocations import PATH, Invocations
from sandbox.serving.payload_row import Row
from sandbox.serving.rate_limiter import RateLimiter
from sandbox.serving.traffic import Split
from sandbox.serving.wire import Reply


class Server:
    """A model server that replies what it is told to."""

    def __init__(self, reply: Reply | Exception | None, name: str = "chain-v7") -> None:
        self.name, self.ready, self.in_flight, self.asked = name, True, 0, b""
        self._reply = reply

    def take(self) -> None:
        self.in_flight += 1

    def release(self) -> None:
        self.in_flight -= 1

    async def ask(self, request: bytes) -> Reply:
        assert self.in_flight == 1
        self.asked = request
        if self._reply is None:
            await asyncio.sleep(60)
        if isinstance(self._reply, Exception):
            raise self._reply
        return self._reply


def answer(*servers: Server, entity: str | None = None, gateway: LiveGateway | None = None, payloads=None):
    split = Split.of((server, 1) for server in servers if server.ready)
    named = {server.name: server for server in servers}
    endpoint = SimpleNamespace(name="chat", split=split, named=named.get, entity_id=lambda name: f"id of {name}")
    controller = SimpleNamespace(find=lambda name: endpoint)
    gateways = SimpleNamespace(find=lambda name: gateway)
    request = make_mocked_request("POST", "/", headers={"Content-Type": "text/csv", "Authorization": "Bearer x"})

    async def main():
        return await Invocations(controller, gateways, payloads, longest=0.05).answer(request, "chat", entity)

    return asyncio.run(main())


def reply(status: int, body: bytes, content_type: str = "application/json") -> Reply:
    return Reply(status, {"content-type": content_type}, body, True)


def refused(*servers: Server, entity: str | None = None) -> ApiError:
    with pytest.raises(ApiError) as refusal:
        answer(*servers, entity=entity)
    assert all(server.in_flight == 0 for server in servers)
    return refusal.value


def test_an_answer_says_which_entity_gave_it():
    server = Server(reply(200, b'{"predictions": [1]}'))
    response = answer(server)
    assert (response.status, response.body) == (200, b'{"predictions": [1]}')
    assert response.headers["served-model-name"] == "chain-v7"
    assert server.in_flight == 0


def test_a_model_server_hears_the_bodys_form_and_no_credential():
    server = Server(reply(200, b"{}"))
    answer(server)
    assert server.asked == (
        b"POST /invocations HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/csv\r\ncontent-length: 0\r\n\r\n"
    )


def test_a_models_own_error_is_passed_on_as_it_is():
    body = b'{"error_code": "BAD_REQUEST", "message": "no column"}'
    assert answer(Server(reply(400, body))).body == body


@pytest.mark.parametrize(("status", "code"), [(415, "INVALID_PARAMETER_VALUE"), (500, "INTERNAL_ERROR")])
def test_an_error_in_plain_words_is_put_into_databricks_form(status, code):
    response = answer(Server(reply(status, b"Plain words\n", "text/plain")))
    assert (response.status, response.content_type) == (status, "application/json")
    assert json.loads(response.body) == {"error_code": code, "message": "Plain words"}


def test_a_model_that_takes_too_long_is_answered_504():
    refusal = refused(Server(None))
    assert (refusal.status, refusal.code) == (504, "DEADLINE_EXCEEDED")
    assert refusal.headers["served-model-name"] == "chain-v7"


def test_a_model_server_that_is_lost_is_answered_502():
    assert refused(Server(ConnectionResetError())).status == 502


def test_where_nothing_is_ready_the_client_is_told_when_to_come_back():
    sleeping = Server(reply(200, b"{}"))
    sleeping.ready = False
    for entity in (None, "chain-v7"):
        refusal = refused(sleeping, entity=entity)
        assert (refusal.status, refusal.code) == (503, "TEMPORARILY_UNAVAILABLE")
        assert int(refusal.headers["Retry-After"]) > 0


def test_a_served_entity_can_be_asked_by_name():
    servers = (Server(reply(200, b"1")), Server(reply(200, b"2"), "chain-v6"))
    assert answer(*servers, entity="chain-v6").body == b"2"
    assert refused(*servers, entity="chain-v5").status == 404


class Payloads:
    """Keeps the rows that it is given."""

    def __init__(self) -> None:
        self.rows: list[tuple[Path, Row]] = []

    def add(self, table: Path, row: Row) -> None:
        self.rows.append((table, row))


def live(*limits: Limit, table: Path | None = None) -> LiveGateway:
    return LiveGateway(Gateway(limits=limits, table=table, requester="me"), RateLimiter("chat", limits))


def test_what_a_limit_refuses_never_reaches_the_model():
    server, gateway = Server(reply(200, b"{}")), live(Limit(key="user", calls=1))
    answer(server, gateway=gateway)
    server.asked = b""
    with pytest.raises(ApiError) as refusal:
        answer(server, gateway=gateway)
    assert (refusal.value.status, refusal.value.code) == (429, "REQUEST_LIMIT_EXCEEDED")
    assert int(refusal.value.headers["Retry-After"]) > 0
    assert (server.asked, server.in_flight) == (b"", 0)


def test_an_answer_is_written_down_as_the_client_gets_it():
    payloads, gateway = Payloads(), live(table=Path("/table"))
    response = answer(Server(reply(500, b"Plain words", "text/plain")), gateway=gateway, payloads=payloads)
    [(table, row)] = payloads.rows
    columns = row.columns()
    assert (table, columns["status_code"], columns["response"]) == (Path("/table"), 500, response.body.decode())
    assert (columns["served_entity_id"], columns["requester"]) == ("id of chain-v7", "me")
    assert columns["databricks_request_id"] == response.headers["x-request-id"]


def test_without_a_table_nothing_is_written_down():
    payloads = Payloads()
    response = answer(Server(reply(200, b"{}")), gateway=live(Limit(key="user", calls=1)), payloads=payloads)
    assert payloads.rows == []
    assert "x-request-id" not in response.headers


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("/serving-endpoints/chat/invocations", ("chat", None)),
        ("/serving-endpoints/chat/invocations?a=/b", ("chat", None)),
        ("/serving-endpoints/chat/served-models/v7/invocations", ("chat", "v7")),
        ("/serving-endpoints/a/b/invocations", None),
        ("/serving-endpoints/chat/invocations/", None),
        ("/api/2.0/serving-endpoints/chat/invocations", None),
    ],
)
def test_only_invocations_are_taken_for_such(target, names):
    match = PATH.fullmatch(target)
    assert (match.groups() if match else None) == names
