"""The machine that a job runs on: an empty directory, a shell, and the files by which a step tells GitHub something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.serving.owner import ENDS_WITH

BOUND = 400
"""Seconds that one step may take."""
OWN = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "TMPDIR", ENDS_WITH)
"""What a step sees of the environment of the tests: where programs and the built engine are."""
NO_INDEX = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0", "UV_NO_CACHE": "1"}
"""What packages there are elsewhere would show in the comments: the index that is asked does not answer."""
SHELLS = {
    "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
    "": ["bash", "-e"],
    "script": ["bash", "--noprofile", "--norc"],
}
"""As GitHub starts them, the second where a step names no shell; and as Azure Pipelines does."""


@dataclass(frozen=True)
class Done:
    """How a step ended."""

    passed: bool
    log: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    """What it has set for the steps after it."""
    summary: str = ""


@dataclass(frozen=True)
class Machine:
    """One machine; with a `sandbox`, that one stands for the workspace of whatever stack a step names."""

    root: Path
    sandbox: Path | None = None
    profiles: Path | None = None
    """A Databricks config file, with what else its identity may sign in to."""

    @property
    def workspace(self) -> Path:
        """The directory that steps run in."""
        return self.root / "work"

    def run(self, script: str, shell: str, environment: Mapping[str, str], directory: str = "") -> Done:
        """Run a step's script as GitHub does, with the files by which it hands something on."""
        files = {name: self._file(name) for name in ("OUTPUT", "ENV", "PATH", "STEP_SUMMARY")}
        said = dict(environment) | {f"GITHUB_{name}": str(file) for name, file in files.items()}
        done = self.script(script, shell, said, directory)
        return Done(
            done.returncode == 0,
            done.stdout,
            _pairs(files["OUTPUT"].read_text()),
            _pairs(files["ENV"].read_text()),
            files["STEP_SUMMARY"].read_text(),
        )

    def script(
        self, script: str, shell: str, environment: Mapping[str, str], directory: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a script by one of SHELLS: from a file, so that no part of it is another argument."""
        file = self._file("script.sh")
        file.write_text(script)
        return self.start([*SHELLS[shell], str(file)], self.workspace / directory, environment)

    def start(
        self, command: Sequence[str], directory: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command, with nothing of the environment of the tests but what a machine has."""
        return subprocess.run(
            command,
            cwd=directory,
            env=self._own() | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=BOUND,
        )

    def equip(self) -> None:
        """Give a checkout the environment that the tests run in, so that nothing is installed anew.

        `make setup-deploy` then finds all of it there: what it is made from is made older than it is. The commands run
        the code that is tested, also where they are started as modules from a checkout that has another.
        """
        (self.workspace / ".venv").symlink_to(Path(sys.prefix))
        for file in (*self.workspace.glob("requirements*.txt"), self.workspace / "pyproject.toml"):
            os.utime(file, (0, 0))

    def _own(self) -> dict[str, str]:
        own = {name: os.environ[name] for name in OWN if name in os.environ}
        own |= {
            "CI": "true",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONSAFEPATH": "1",
        }
        places = {"ROLLPIN_SANDBOX": self.sandbox, "DATABRICKS_CONFIG_FILE": self.profiles}
        return own | NO_INDEX | {name: str(place) for name, place in places.items() if place}

    def _file(self, name: str) -> Path:
        handle, path = tempfile.mkstemp(prefix=f"{name}-", dir=self.root)
        os.close(handle)
        return Path(path)


def machine(root: Path, sandbox: Path | None, profiles: Path | None = None) -> Machine:
    """A machine that nothing was done on yet."""
    shutil.rmtree(root, ignore_errors=True)
    (root / "work").mkdir(parents=True)
    return Machine(root, sandbox, profiles)


def _pairs(text: str) -> dict[str, str]:
    """Read `name=value` lines, and `name<<END` with its lines up to END."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        name, equals, value = line.partition("=")
        if "<<" in name or not equals:
            name, _, end = line.partition("<<")
            value = "\n".join(iter(lambda end=end: next(lines, end), end))
        if name:
            found[name] = value
    return found
