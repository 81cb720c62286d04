"""A whole sandbox, the workspace's own API included, as `python -m sandbox` starts and stops it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from databricks.sdk import WorkspaceClient

from sandbox import lifecycle
from sandbox.home import Home
from sandbox.serving.owner import ENDS_WITH


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "sandbox")
    yield home
    lifecycle.stop(home)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = (sys.executable, "-m", "sandbox", *arguments)
    return subprocess.run(line, check=False, capture_output=True, text=True, timeout=120)


def test_the_command_line_starts_it_and_tells_how_to_use_it_but_not_the_token(home):
    started = command("start", "--home", str(home.root))
    assert (started.returncode, home.url in started.stdout) == (0, True)
    assert f'DATABRICKS_TOKEN="$(cat {home.token_file})"' in started.stdout
    assert home.token not in started.stdout + started.stderr
    assert home.token_file.stat().st_mode & 0o777 == 0o600
    assert command("start", "--home", str(home.root)).returncode == 0
    assert WorkspaceClient(host=home.url, token=home.token, auth_type="pat").current_user.me().user_name
    status = command("status", "--home", str(home.root))
    assert status.stdout == f"{home.url} (process {lifecycle.running(home)})\n"
    assert command("stop", "--home", str(home.root)).returncode == 0
    assert command("status", "--home", str(home.root)).returncode == 1


def test_a_sandbox_that_was_killed_is_cleared_away_and_starts_again(home, until, holders):
    lifecycle.start(home)
    runtime, url = Path(home.runtime_file.read_text().strip()), home.url
    os.kill(lifecycle.running(home), signal.SIGKILL)
    until(lambda: lifecycle.running(home) is None, "it is dead")
    assert lifecycle.stop(home) is False
    assert holders(runtime) == []
    lifecycle.start(home)
    assert home.url == url
    assert lifecycle.stop(home) is True


def test_a_sandbox_ends_with_the_process_that_it_was_told_to_end_with(home, until, holders, monkeypatch):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        monkeypatch.setenv(ENDS_WITH, str(other.pid))
        lifecycle.start(home)
        runtime = Path(home.runtime_file.read_text().strip())
        assert lifecycle.running(home) is not None
        other.kill()
    until(lambda: lifecycle.running(home) is None, "it has ended too")
    assert (lifecycle.stop(home), holders(runtime)) == (False, [])


def test_this_run_of_the_tests_is_what_their_sandboxes_end_with():
    run = psutil.Process(int(os.environ[ENDS_WITH]))
    assert run in [psutil.Process(), *psutil.Process().parents()]


def test_a_port_that_another_process_has_taken_is_named(home):
    home.create()
    with socket.create_server(("127.0.0.1", 0)) as other:
        home.port_file.write_text(f"{other.getsockname()[1]}\n")
        started = time.monotonic()
        with pytest.raises(lifecycle.SandboxError, match=f"remove {home.port_file}"):
            lifecycle.start(home)
    assert time.monotonic() - started < 30
    assert lifecycle.running(home) is None


def test_running_it_in_the_foreground_ends_with_a_signal(home):
    arguments = (sys.executable, "-m", "sandbox", "run", "--home", str(home.root))
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert "The workspace is at" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    assert lifecycle.running(home) is None
