"""A copy of the checkout, as a newcomer has it: in git, with its environment made, and nothing running."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox import lifecycle
from sandbox.home import Home
from sandbox.serving.owner import ENDS_WITH
from tests.documents.block import ROOT

LEFT_BEHIND = shutil.ignore_patterns(
    ".*_cache", ".venv*", ".sandbox", ".hypothesis", ".git", "build", "__pycache__", "*.egg-info"
)
STAMPS = (".plain", ".rehearse", ".dev", ".spark")
"""What the Makefile knows by that the environment is made: the one that these tests run in."""
SIGNED_IN = ("DATABRICKS_", "MLFLOW_", "PULUMI_", "ARM_", "ROLLPIN_", "MAKE", "MFLAGS")
IDENTITY = {
    "GIT_AUTHOR_NAME": "An Author",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "A Committer",
    "GIT_COMMITTER_EMAIL": "committer@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@contextmanager
def checkout(directory: Path) -> Iterator[Path]:
    """Make the copy in `directory`; every sandbox in it is stopped in the end."""
    shutil.copytree(ROOT, directory, symlinks=True, ignore=LEFT_BEHIND)
    _environment(directory)
    for words in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["add", "--all"],
        ["commit", "--quiet", "--message", "Start"],
    ):
        subprocess.run(["git", "-C", directory, *words], env=environment(directory), check=True)
    try:
        yield directory
    finally:
        for lock in directory.glob(".sandbox/**/lock"):
            lifecycle.stop(Home(lock.parent))


def environment(directory: Path) -> dict[str, str]:
    """What a newcomer's shell has: nobody's credentials, and the commands of the environment by their names."""
    kept = {name: value for name, value in os.environ.items() if name == ENDS_WITH or not name.startswith(SIGNED_IN)}
    path = os.pathsep.join([str(directory / ".venv/bin"), os.environ["PATH"]])
    return {**kept, **IDENTITY, "PATH": path, "PYTHONUNBUFFERED": "1", "COLUMNS": "400"}


def _environment(directory: Path) -> None:
    """Lend it the environment of the tests, newer than all that it is made from: make leaves it alone."""
    made = directory / ".venv"
    made.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (made / name).symlink_to(Path(sys.prefix) / name)
    for source in [*directory.glob("requirements*.txt"), directory / "pyproject.toml"]:
        os.utime(source, (0, 0))
    for stamp in STAMPS:
        (made / stamp).touch()
