"""Rollpin as somebody clones it: this checkout's files in a repository with one commit, and what is typed there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[3]
IDENTITY = {
    "GIT_AUTHOR_NAME": "An Author",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "A Committer",
    "GIT_COMMITTER_EMAIL": "committer@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}
FOREIGN = ("DATABRICKS_", "MLFLOW_", "PULUMI_", "ARM_", "GIT_", "MAKE", "MODEL_OPS_")
MAKE = Path(__file__).with_name("bin")
"""A `make` for which the environment is made already."""


def environment() -> dict[str, str]:
    """Nobody's credentials, a known author, and an environment that make finds made already."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return own | IDENTITY | {"PATH": os.pathsep.join([str(MAKE), own["PATH"]])}


def clone(directory: Path) -> Path:
    """Make a repository in `directory` of what git has of this checkout, as it lies there now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=SOURCE, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (SOURCE / name).is_file():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_bytes((SOURCE / name).read_bytes())
    run(directory, "git init --quiet --initial-branch=main && git add --all && git commit --quiet --message=Rollpin")
    (directory / ".venv").symlink_to(sys.prefix)
    (directory / ".git/info/exclude").write_text(".venv\n")
    return directory


def run(directory: Path, script: str) -> str:
    """Run commands as they are typed, and give what they print; the first that fails ends them."""
    done = attempt(directory, script)
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def attempt(directory: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run commands as they are typed, however they end."""
    command = ["bash", "--noprofile", "--norc", "-euo", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=directory, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def init(directory: Path, *words: str) -> str:
    """Run `model-ops init` and commit what it wrote."""
    said = run(directory, f".venv/bin/model-ops init --yes {shlex.join(words)}")
    run(directory, "git commit --quiet --message=Own")
    return said


def blocks(page: str, language: str = "") -> list[str]:
    """The fenced blocks of a language in a page of docs/."""
    text = (SOURCE / "docs" / page).read_text()
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [block for spoken, block in found if spoken == language]
