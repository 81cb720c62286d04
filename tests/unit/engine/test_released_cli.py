"""`make pulumi`, with a CLI on the PATH that writes down what it is asked."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.released_cli import main

PULUMI = """#!/bin/sh
echo "$@" >>"$ASKED"
for word in "$@"; do case "$word" in file://*) cat "${word#file://}" >"$ASKED.token";; esac; done
if [ "$1" = version ]; then echo v3.257.0; fi
if [ "$1" = plugin ] && [ -n "$REFUSE" ]; then echo "$REFUSE" >&2; exit 1; fi
"""
REFUSAL = """\
warning: Error downloading plugin: Get "https://plugins.invalid/databricks.tar.gz": dial tcp: no such host
Will retry in 1.28s [5/5]
error: [resource plugin databricks-1.2.3] downloading from : failed to download plugin: failed all 5 attempts
"""
"""As the released CLI says it: its last line sums up, and gives no reason."""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch) -> Path:
    for name in ("pulumi", "pulumi-language-python"):
        (tmp_path / name).write_text(PULUMI)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("ASKED", str(tmp_path / "asked"))
    for name in ("ROLLPIN_SANDBOX", "PULUMI_ORGANIZATION", "REFUSE", "GITHUB_PATH", "TF_BUILD"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "asked"


@pytest.fixture
def github(monkeypatch):
    """What vouches for a job: it gives a token for an audience."""
    seen: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            pass

        def do_GET(self) -> None:
            seen.append((self.path, self.headers["Authorization"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"value": "assertion"}).encode())

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"http://127.0.0.1:{server.server_port}/token?api=1")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "shown")
    yield seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_one_that_is_there_is_kept_and_gets_the_plugins_that_the_program_was_written_with(asked):
    assert CliRunner().invoke(main).exit_code == 0
    wanted = [f"plugin install resource {name} {version(f'pulumi-{name}')}" for name in ("databricks", "azure-native")]
    assert [line for line in asked.read_text().splitlines() if line.startswith("plugin")] == wanted


def test_a_plugin_that_cannot_be_had_ends_it_with_what_to_type(asked, monkeypatch):
    monkeypatch.setenv("REFUSE", REFUSAL)
    done = CliRunner().invoke(main)
    assert done.exit_code == 1
    assert "cannot be had: dial tcp: no such host\n" in done.output
    assert "plugin install resource databricks" in done.output


def test_it_signs_in_to_pulumi_cloud_by_oidc_and_never_shows_the_token(asked, github, monkeypatch):
    monkeypatch.setenv("PULUMI_ORGANIZATION", "team")
    done = CliRunner().invoke(main)
    assert done.exit_code == 0, done.output
    assert github == [("/token?api=1&audience=urn%3Apulumi%3Aorg%3Ateam", "Bearer shown")]
    assert "login --oidc-org team --oidc-token file:///" in asked.read_text()
    assert asked.with_name("asked.token").read_text() == "assertion"
    assert "assertion" not in asked.read_text() + done.output


def test_an_organization_without_anybody_to_vouch_is_refused(asked, monkeypatch):
    monkeypatch.setenv("PULUMI_ORGANIZATION", "team")
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_URL", raising=False)
    done = CliRunner().invoke(main)
    assert done.exit_code == 1
    assert "id-token: write" in done.output
