from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from sandbox.serving import secret_process
from sandbox.serving.child import Child, Command

LONG = "v" * 200_000
"""More than a pipe holds."""
RECEIVE = "from sandbox.serving.secret_channel import receive; import os, resource, sys; got = receive(); "


def started(tmp_path: Path, code: str, secrets: Mapping[str, str]) -> Child:
    argv = (sys.executable, "-c", RECEIVE + code)
    command = Command(argv=argv, env={}, cwd=tmp_path, log=tmp_path / "log", descriptors=())
    return secret_process.spawn(command, secrets)


def test_secrets_reach_the_process_and_not_what_others_see_of_it(tmp_path: Path) -> None:
    code = "print(len(got['A']), [open(f'/proc/self/{f}').read().count('v' * 9) for f in ('environ', 'cmdline')])"
    process = started(tmp_path, code, {"A": LONG})
    assert asyncio.run(process.wait()) == 0
    assert process.last_words() == "200000 [0, 0]"


def test_what_it_says_last_is_known_once_it_has_ended_without_them(tmp_path: Path) -> None:
    process = started(tmp_path, "sys.exit('nobody takes ' + got['A'])", {"A": "hidden"})
    assert asyncio.run(process.wait()) == 1
    assert process.last_words() == "nobody takes [REDACTED]"


def test_a_crash_writes_no_file(tmp_path: Path) -> None:
    process = started(tmp_path, "print(resource.getrlimit(resource.RLIMIT_CORE))", {"A": "hidden"})
    asyncio.run(process.wait())
    assert process.last_words() == "(0, 0)"


def test_one_that_ends_before_it_reads_them_is_no_failure_of_ours(tmp_path: Path) -> None:
    command = Command(argv=(sys.executable, "-c", ""), env={}, cwd=tmp_path, log=tmp_path / "log", descriptors=())
    assert asyncio.run(secret_process.spawn(command, {"A": LONG}).wait()) == 0


def test_one_that_cannot_be_started_is_said_to_be_so(tmp_path: Path) -> None:
    command = Command(argv=("/nowhere",), env={}, cwd=tmp_path, log=tmp_path / "log", descriptors=())
    with pytest.raises(OSError, match="/nowhere"):
        secret_process.spawn(command, {"A": "hidden"})
