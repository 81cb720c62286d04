from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.serving.wire import MalformedError, Reply, ReplyReader

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type:  text/plain \r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"
)


def read(*pieces: bytes) -> Reply | None:
    reader, reply = ReplyReader(), None
    for piece in pieces:
        assert reply is None
        reply = reader.feed(piece)
    return reply


def test_a_reply_of_a_known_length_is_read():
    headers = {"content-length": "5", "content-type": "text/plain"}
    assert read(PLAIN) == Reply(status=200, headers=headers, body=b"hello", keep=True)


def test_a_reply_in_chunks_is_read_and_the_connection_not_used_again():
    reply = read(CHUNKED)
    assert (reply.body, reply.keep) == (b"hello", False)


@given(st.sampled_from([PLAIN, CHUNKED]), st.data())
def test_it_does_not_matter_how_a_reply_is_cut_up(whole, data):
    cut = data.draw(st.integers(1, len(whole) - 1))
    assert read(whole[:cut]) is None
    assert read(whole[:cut], whole[cut:]) == read(whole)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"HTTP/1.1 OK\r\n\r\n",
        b"SSH-2.0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        PLAIN + b"HTTP/1.1 200 OK\r\n",
        b"x" * 70000,
    ],
)
def test_what_is_no_reply_is_refused(nonsense):
    with pytest.raises(MalformedError):
        read(nonsense)
