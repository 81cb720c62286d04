from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.serving.errors import ApiError
from sandbox.serving.gateway import Gateway, Limit, document, gateway
from sandbox.serving.gateways import Gateways

ASKED = Gateway(
    limits=(Limit(key="endpoint", calls=9), Limit(key="user", principal="me", tokens=5)),
    table=Path("/tables/t"),
    requester="me",
)


def test_a_gateway_is_read_as_it_was_written():
    assert gateway(document(ASKED)) == ASKED
    assert gateway({}) == Gateway()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "The gateway is list"),
        ({"limits": {}}, "limits is dict"),
        ({"limits": [{"key": "all"}]}, "key of a limit is 'all': give one of endpoint, user"),
        ({"limits": [{"key": "user", "calls": -1}]}, "calls of a limit is -1: give a whole number, 0 or more"),
        ({"limits": [{"key": "user", "tokens": True}]}, "tokens of a limit is True"),
        ({"table": "tables/t"}, "give the absolute path"),
        ({"requester": 7}, "requester is 7: give a string"),
    ],
)
def test_what_is_no_gateway_is_refused(body, message):
    with pytest.raises(ApiError, match=message):
        gateway(body)


def test_a_gateway_survives_a_restart_and_one_that_asks_for_nothing_leaves_no_file(tmp_path):
    before = Gateways(tmp_path)
    before.put("chat", ASKED)
    before.put("other", ASKED)
    before.put("other", Gateway())
    after = Gateways(tmp_path)
    after.load()
    assert after.find("chat").asked == ASKED
    assert after.find("other") is None
    assert [path.name for path in tmp_path.iterdir()] == ["chat.json"]


def test_what_has_been_counted_stays_counted_when_a_gateway_is_put_again(tmp_path):
    gateways = Gateways(tmp_path)
    gateways.put("chat", Gateway(limits=(Limit(key="endpoint", calls=1),)))
    gateways.find("chat").limiter.admit(b"")
    gateways.put_all({"chat": Gateway(limits=(Limit(key="endpoint", calls=1),), table=Path("/t"))})
    with pytest.raises(ApiError, match="rate limit exceeded"):
        gateways.find("chat").limiter.admit(b"")


def test_all_that_are_put_at_once_are_all_that_hold(tmp_path):
    gateways = Gateways(tmp_path)
    gateways.put("old", ASKED)
    gateways.put_all({"new": ASKED})
    assert gateways.find("old") is None
    assert gateways.find("new").asked == ASKED


def test_a_file_that_is_no_gateway_is_told_and_left_alone(tmp_path, caplog):
    (tmp_path / "chat.json").write_text('{"limits": 1}')
    (tmp_path / "more.json").write_text("{")
    gateways = Gateways(tmp_path)
    gateways.load()
    assert gateways.find("chat") is None
    assert "chat.json is no gateway" in caplog.text
    assert "more.json is no gateway" in caplog.text


@pytest.mark.parametrize("name", ["../x", "a/b", ""])
def test_only_a_name_names_a_file(tmp_path, name):
    with pytest.raises(ApiError, match="is not a name"):
        Gateways(tmp_path / "g").put(name, ASKED)
