from __future__ import annotations

import os
import socket

import pytest

from sandbox.serving.birth import LONGEST, MODULE, Birth, ask, asked
from sandbox.serving.child import Command


@pytest.fixture
def channel():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        ours.setblocking(False)
        yield ours, theirs


@pytest.fixture
def ends():
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)
    os.close(writing)


def birth(tmp_path, *numbers: int, **variables: str) -> Birth:
    argv = ("python", "-P", "-m", MODULE, "7", "chain-v7")
    return Birth.of(Command(argv=argv, env=variables, cwd=tmp_path, log=tmp_path / "log", descriptors=numbers))


def test_it_arrives_with_its_descriptors_by_their_numbers(channel, ends, tmp_path):
    reading, writing = ends
    ask(channel[0], birth(tmp_path, reading, A="1"), answer=writing, stdin=reading, log=writing)
    wanted = asked(channel[1])
    assert (list(wanted.birth.arguments), wanted.birth.environment) == (["7", "chain-v7"], {"A": "1"})
    assert wanted.birth.directory == str(tmp_path)
    assert set(wanted.held) == {0, 1, 2, reading}
    same = [
        (wanted.answer, writing),
        (wanted.held[0], reading),
        (wanted.held[1], writing),
        (wanted.held[reading], reading),
    ]
    assert all(os.path.sameopenfile(*pair) for pair in same)
    for descriptor in {wanted.answer, *wanted.held.values()}:
        os.close(descriptor)


def test_one_that_is_too_long_is_refused_before_it_is_sent(channel, ends, tmp_path):
    with pytest.raises(OSError, match="too long"):
        ask(channel[0], birth(tmp_path, A="x" * LONGEST), answer=ends[1], stdin=ends[0], log=ends[1])


def test_one_that_finds_no_room_is_refused_at_once(channel, ends, tmp_path):
    def fill() -> None:
        for _ in range(10_000):
            ask(channel[0], birth(tmp_path, A="x" * 10_000), answer=ends[1], stdin=ends[0], log=ends[1])

    with pytest.raises(BlockingIOError):
        fill()


def test_when_nobody_can_ask_any_more_there_is_none(channel):
    channel[0].close()
    assert asked(channel[1]) is None
