"""What the router asks a fork server for: to bear the process that a command would start."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sandbox.serving.child import Command

MODULE = "sandbox.serving.scoring"
"""What is run in every process that is born so, and in no other."""
LONGEST = 128_000
"""Bytes of a message; a socket of the kernel holds more."""
MOST_DESCRIPTORS = 16


@dataclass(frozen=True, kw_only=True)
class Birth:
    """The module's arguments, the environment, the directory, and the numbers that the descriptors sent along bear."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    directory: str
    numbers: Sequence[int]

    @classmethod
    def of(cls, command: Command) -> Birth:
        """Return the birth of what a command that runs MODULE would start."""
        return cls(
            arguments=command.argv[command.argv.index(MODULE) + 1 :],
            environment=command.env,
            directory=str(command.cwd),
            numbers=command.descriptors,
        )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A birth as it arrives: `answer` is where its process id goes, `held` the descriptors that it gets, by number."""

    birth: Birth
    answer: int
    held: Mapping[int, int]


def ask(channel: socket.socket, birth: Birth, *, answer: int, stdin: int, log: int) -> None:
    """Ask for a birth; raises OSError where that cannot be sent whole and at once."""
    message = json.dumps(asdict(birth)).encode()
    if len(message) > LONGEST:
        raise OSError(f"its environment is too long: {len(message)} bytes of at most {LONGEST}")
    socket.send_fds(channel, [message], [answer, stdin, log, *birth.numbers])


def asked(channel: socket.socket) -> Asked | None:
    """Wait until a birth is asked for; returns None once nobody can ask any more."""
    message, received, _, _ = socket.recv_fds(channel, LONGEST, MOST_DESCRIPTORS)
    if not message:
        return None
    birth = Birth(**json.loads(message))
    answer, stdin, log, *others = received
    held = {0: stdin, 1: log, 2: log, **dict(zip(birth.numbers, others, strict=True))}
    return Asked(birth=birth, answer=answer, held=held)
