"""A bare remote with this project in it, a clone that a person works in, and the events that pushes cause."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PERSON = {"login": "ada", "id": 7}
"""Who opens and merges, unless a test says otherwise."""
NOBODY = "0" * 40


@dataclass(frozen=True, kw_only=True)
class Event:
    """What starts a run."""

    name: str
    remote: Path
    ref: str
    sha: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Repository:
    """A bare remote, and the clone of it that people work in."""

    root: Path

    @property
    def remote(self) -> Path:
        """The bare one."""
        return self.root / "remote.git"

    @property
    def clone(self) -> Path:
        """The one with files."""
        return self.root / "clone"

    def git(self, *words: str) -> str:
        """Run git in the clone, as Ada."""
        person = {
            each: "Ada" if each.endswith("NAME") else "ada@acme.example"
            for each in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
        }
        config = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *words],
            cwd=self.clone,
            env=os.environ | person | config,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def branch(self, name: str, edit: Callable[[Path], None], message: str = "Change a stack") -> str:
        """Commit an edit of the files on a new branch of main, and push it; gives its commit."""
        self.git("fetch", "--quiet", "origin")
        self.git("checkout", "--quiet", "--force", "-B", name, "origin/main")
        edit(self.clone)
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)
        self.git("push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{name}")
        return self.git("rev-parse", "HEAD")

    def proposed(self, number: int, branch: str) -> str:
        """The commit that merges a branch into main, which GitHub makes of each pull request."""
        self.git("fetch", "--quiet", "origin")
        self.git("checkout", "--quiet", "--force", "--detach", "origin/main")
        self.git("merge", "--quiet", "--no-ff", "-m", f"Merge {branch} into main", f"origin/{branch}")
        self.git("push", "--quiet", "--force", "origin", f"HEAD:refs/pull/{number}/merge")
        return self.git("rev-parse", "HEAD")

    def merged(self, number: int, branch: str, title: str) -> tuple[str, str]:
        """Merge a pull request into main; gives main's commit before and after."""
        self.git("fetch", "--quiet", "origin")
        before = self.git("rev-parse", "origin/main")
        self.git("checkout", "--quiet", "--force", "--detach", "origin/main")
        message = f"Merge pull request #{number} from acme/{branch}\n\n{title}"
        self.git("merge", "--quiet", "--no-ff", "-m", message, f"origin/{branch}")
        self.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
        return before, self.git("rev-parse", "HEAD")

    @property
    def main(self) -> str:
        """The commit that main is at."""
        self.git("fetch", "--quiet", "origin")
        return self.git("rev-parse", "origin/main")


def repository(root: Path, edit: Callable[[Path], None]) -> Repository:
    """A remote that has this project's files, edited, as its first commit on main."""
    made = Repository(root)
    made.clone.mkdir(parents=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (made.clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, made.clone / name)
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", made.remote], check=True)
    # As on GitHub, whoever may read may ask for any commit by its hash.
    subprocess.run(["git", "-C", made.remote, "config", "uploadpack.allowAnySHA1InWant", "true"], check=True)
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("remote", "add", "origin", made.remote.as_uri())
    edit(made.clone)
    made.git("add", "--all")
    made.git("commit", "--quiet", "-m", "Begin")
    made.git("push", "--quiet", "origin", "main")
    return made
