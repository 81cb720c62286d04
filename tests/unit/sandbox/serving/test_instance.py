from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sandbox.home import Home
from sandbox.serving.instance import TakenError, claim, clear_runtime, holder, make_runtime

HOLD = """\
import sys
from pathlib import Path
from sandbox.home import Home
from sandbox.serving.instance import claim
claim(Home(Path(sys.argv[1])))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "sandbox")
    home.create()
    return home


@pytest.fixture
def other(home):
    """Another process that holds the home."""
    command = (sys.executable, "-c", HOLD, str(home.root))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_home_that_nobody_has_is_free(home, tmp_path):
    assert holder(home) is None
    assert holder(Home(tmp_path / "none")) is None


def test_a_home_that_another_process_has_is_taken(home, other):
    assert holder(home) == other.pid
    with pytest.raises(TakenError, match=f"process {other.pid}"):
        claim(home, patience=0.05)


def test_a_home_is_free_again_however_its_process_ends(home, other):
    other.kill()
    other.wait()
    assert holder(home) is None
    os.close(claim(home))


def test_a_runtime_directory_is_private_and_its_paths_short_enough(home, monkeypatch, tmp_path):
    long = tmp_path / ("x" * 120)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    runtime = make_runtime(home)
    os.close(runtime.alive)
    assert runtime.root.stat().st_mode & 0o777 == 0o700
    assert len(str(runtime.control_socket)) <= 100
    clear_runtime(home)
    assert not runtime.root.exists()
    assert not home.runtime_file.exists()


def test_a_runtime_directory_is_not_removed_while_a_child_lives(home):
    runtime = make_runtime(home)
    with pytest.raises(TakenError, match="fuser"):
        clear_runtime(home, patience=0.05)
    assert runtime.root.exists()
    os.close(runtime.alive)
    clear_runtime(home)


@pytest.mark.parametrize("text", ["", "/nowhere", "{precious}", "\0"])
def test_nothing_but_a_runtime_directory_is_ever_removed(home, tmp_path, text):
    precious = tmp_path / "precious"
    precious.mkdir()
    home.runtime_file.write_text(text.format(precious=precious))
    clear_runtime(home)
    assert precious.exists()
