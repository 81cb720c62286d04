from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from sandbox.serving.errors import ApiError
from sandbox.serving.front_door import FrontDoor

DOOR = FrontDoor("secret", bind="127.0.0.1", port=4711)


def request(method: str = "GET", **headers: str):
    return make_mocked_request(method, "/", headers={name.replace("_", "-"): value for name, value in headers.items()})


def refused(check, asked) -> int:
    with pytest.raises(ApiError) as refusal:
        check(asked)
    return refusal.value.status


@pytest.mark.parametrize("host", ["127.0.0.1:4711", "localhost", "LOCALHOST:1", "[::1]:4711"])
def test_the_names_of_this_machine_are_let_in(host):
    DOOR.check_host(request(Host=host))


@pytest.mark.parametrize("host", ["", "evil.example", "127.0.0.1.evil.example", "127.0.0.2", "localhost@evil.example"])
def test_other_names_are_not(host):
    assert refused(DOOR.check_host, request(Host=host)) == 403


def test_where_all_addresses_are_listened_on_any_address_is_let_in_but_no_name():
    wide = FrontDoor("secret", bind="0.0.0.0", port=4711)
    wide.check_host(request(Host="192.168.1.7:4711"))
    assert refused(wide.check_host, request(Host="evil.example")) == 403


def test_where_one_address_is_listened_on_that_address_is_let_in():
    FrontDoor("secret", bind="192.168.1.7", port=4711).check_host(request(Host="192.168.1.7:4711"))


@pytest.mark.parametrize("given", ["Bearer secret", "bearer secret", "Bearer  secret "])
def test_the_token_is_let_in(given):
    DOOR.check_credential(request(Authorization=given))


@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer wrong", 403), ("Bearer ", 403), ("Bearer sécret", 403), ("Basic secret", 401), ("secret", 401)],
)
def test_anything_else_is_not(given, status):
    assert refused(DOOR.check_credential, request(Authorization=given)) == status


def test_a_cookie_stands_for_the_token_but_does_not_tell_it():
    assert "secret" not in DOOR.cookie
    DOOR.check_credential(request(Cookie=f"rollpin-4711={DOOR.cookie}"))
    assert refused(DOOR.check_credential, request(Cookie=f"rollpin-4712={DOOR.cookie}")) == 401
    assert refused(DOOR.check_credential, request(Cookie="rollpin-4711=wrong")) == 403


def test_a_wrong_token_is_not_saved_by_a_right_cookie():
    asked = request(Authorization="Bearer wrong", Cookie=f"rollpin-4711={DOOR.cookie}")
    assert refused(DOOR.check_credential, asked) == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_change_by_cookie_needs_our_own_origin(method):
    cookie = f"rollpin-4711={DOOR.cookie}"
    for origin in ({}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:4712"}):
        assert refused(DOOR.check_credential, request(method, Host="127.0.0.1:4711", Cookie=cookie, **origin)) == 403
    own = {"Host": "127.0.0.1:4711", "Origin": "http://127.0.0.1:4711"}
    DOOR.check_credential(request(method, Cookie=cookie, **own))
