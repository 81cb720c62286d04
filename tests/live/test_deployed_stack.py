"""A stack that is deployed in Azure: signs in as you do and changes nothing. Run by `make live STACK=test`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2]
STACK = os.environ.get("ROLLPIN_LIVE_STACK", "test")

pytestmark = pytest.mark.live


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=SOURCE, capture_output=True, text=True, check=False)


def test_what_it_pins_is_what_serves() -> None:
    done = run("model_ops.cli", "verify", "--stack", STACK)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(1200)
def test_its_preview_shows_no_change() -> None:
    words = ["pulumi", "preview", "--stack", STACK, "--expect-no-changes", "--non-interactive"]
    done = subprocess.run(words, cwd=SOURCE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "versions",
        "history",
        "alias list",
        "check",
        "show {pinned}",
        "signature {pinned}",
        "mlmodel {pinned}",
        "artifacts {pinned}",
        "lineage {pinned}",
        "compare {pinned} {pinned}",
    ],
)
def test_every_command_that_only_reads_goes_through(command: str) -> None:
    outputs = run("model_ops.cli", "versions", "--stack", STACK, "--json")
    assert outputs.returncode == 0, outputs.stderr
    pinned = next(each["version"]["number"] for each in json.loads(outputs.stdout) if "pinned" in each["roles"])
    done = run("model_ops.cli", *command.format(pinned=pinned).split(), "--stack", STACK)
    assert done.returncode == 0, done.stdout + done.stderr
