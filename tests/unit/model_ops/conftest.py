"""Real git repositories, apart from what git knows of whoever runs the tests; and packages that seem not installed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest

MODEL = "chatbot"


@dataclass(frozen=True)
class Scratch:
    """A repository to be filled by hand, with one stack file."""

    root: Path

    @property
    def file(self) -> Path:
        return self.root / "Pulumi.prod.yaml"

    def git(self, *words: str, **variables: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.root, env={**os.environ, **variables}, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, version: int | None, *, name: str = "Pulumi.prod.yaml", more: str = "") -> None:
        line = "" if version is None else f"      servedVersion: {version}\n"
        text = f"config:\n  rollpin:models:\n    {MODEL}:\n      catalog: prod\n      schema: rag\n{line}{more}"
        (self.root / name).write_text(text)

    def commit(self, message: str, *, author: str = "Author", day: int = 1) -> str:
        """Commit all there is, at noon of a day in March, and give the commit."""
        date, email = f"2026-03-{day:02}T12:00:00Z", f"{author.lower()}@example.com"
        people = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", author), ("EMAIL", email), ("DATE", date))
        }
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message, **people)
        return self.git("rev-parse", "HEAD")

    def pin(self, version: int | None, **more: int | str) -> str:
        """Commit the stack file with a version pinned, and give the commit."""
        self.write(version)
        return self.commit(f"Pin {version}", **more)

    def merge(self, branch: str, message: str = "Merge", *, by: str = "Merger", day: int = 9) -> str:
        self.git("merge", "--quiet", "--no-ff", "--no-commit", branch)
        return self.commit(message, author=by, day=day)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """An empty repository on branch main, whose user is Operator."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    root = tmp_path / "project"
    root.mkdir()
    made = Scratch(root)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.git("config", "user.name", "Operator")
    made.git("config", "user.email", "operator@example.com")
    return made


@pytest.fixture
def hide(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let packages of these names seem not installed."""
    known, hidden = metadata.distribution, set[str]()

    def find(name: str) -> metadata.Distribution:
        if name in hidden:
            raise metadata.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr(metadata, "distribution", find)
    return lambda *names: hidden.update(names)
