"""One `make demo` in a fresh checkout, for all that is asked of it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.documents.checkout import checkout, environment


@dataclass(frozen=True)
class Demo:
    """A demo that has ended, and the checkout that it ran in."""

    directory: Path
    code: int
    printed: str
    words: str
    """What it printed on standard error."""

    @property
    def home(self) -> Path:
        return self.directory / ".sandbox"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with checkout(tmp_path_factory.mktemp("demo") / "rollpin") as directory:
        done = subprocess.run(
            ["make", "demo"],
            cwd=directory,
            env=environment(directory),
            capture_output=True,
            text=True,
            timeout=580,
            check=False,
        )
        yield Demo(directory, done.returncode, done.stdout, done.stderr)
