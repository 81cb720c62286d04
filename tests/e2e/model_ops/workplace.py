"""A user's checkout with the local stack deployed from it, as the tests of `model-ops` use it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from engine import principals, project_copy, pulumi_cli
from engine.local_stack import LocalStack
from model_ops.cli import main
from model_ops.deployed import DeployedStack
from model_ops.pinning import pins
from model_ops.stack import address, ask
from rehearsal.stack_file import STACK_FILE
from sandbox import lifecycle
from sandbox.home import Home

SOURCE = Path(__file__).parents[3]
MODEL = "dbdemos_advanced_chatbot_model"
FULL_NAME = f"local.chatbot.{MODEL}"
IDENTITY = {
    "GIT_AUTHOR_NAME": "An Author",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "A Committer",
    "GIT_COMMITTER_EMAIL": "committer@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@dataclass(frozen=True)
class Workplace:
    """A git repository with a stack file, its sandbox below `.sandbox`, and the command line run in it."""

    directory: Path
    stack: LocalStack

    @property
    def home(self) -> Home:
        return self.stack.home

    @property
    def file(self) -> Path:
        return project_copy.stack_file(self.directory)

    def run(self, *words: str, stack: str | None = "local") -> Result:
        """Run `model-ops` as a user does."""
        named = [] if stack is None else ["--stack", stack]
        return CliRunner().invoke(main, [*words, *named, "--project", str(self.directory)], catch_exceptions=False)

    def json(self, *words: str) -> Any:
        result = self.run(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    @property
    def outputs(self) -> dict[str, Any]:
        """What `pulumi stack output --json` prints."""
        return dict(json.loads(ask(address("local", self.directory), "output", "--json")))

    def deployed(self) -> DeployedStack:
        return DeployedStack.find("local", self.directory)

    def pin(self, version: int, *, commit: bool = True) -> None:
        """Pin a version as a merged pull request does."""
        pins.pin(self.file, MODEL, version)
        if commit:
            self.git("commit", "--quiet", "--all", "--message", f"Pin version {version}\n\nApproved-by: A Reviewer")

    def serve(self, version: int) -> None:
        self.pin(version, commit=bool(self.pinned() != version))
        outcome = self.stack.run("up")
        assert outcome.error is None

    def pinned(self) -> int | None:
        return pins.pinned(self.file.read_text(), MODEL)

    def git(self, *words: str) -> str:
        command = ["git", "-C", str(self.directory), *words]
        done = subprocess.run(command, env={**os.environ, **IDENTITY}, capture_output=True, text=True, check=True)
        return done.stdout.strip()


@contextmanager
def open_workplace(directory: Path) -> Iterator[Workplace]:
    """Make a repository, start its sandbox and deploy the stack without a pin; all of it is stopped in the end."""
    home = Home(directory / ".sandbox")
    project_copy.copy(SOURCE, directory, STACK_FILE)
    (directory / ".gitignore").write_text(".sandbox/\ninfra/\n")
    lifecycle.start(home)
    try:
        stack = LocalStack(home, home.root / "project", pulumi_cli.find(), print, source=directory)
        place = Workplace(directory, stack)
        place.git("init", "--quiet", "--initial-branch", "main")
        place.git("add", "--all")
        place.git("commit", "--quiet", "--message", "Start")
        principals.introduce(home, principals.named(directory))
        assert stack.run("up").error is None
        yield place
    finally:
        lifecycle.stop(home)
