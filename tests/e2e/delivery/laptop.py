"""The machine of somebody who may deploy: a clone, and a way to both workspaces. What pages say is typed there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from model_ops.commands import SANDBOX_VARIABLE
from sandbox.home import Home
from tests.documents.block import Block, blocks
from tests.documents.story import Story
from tests.documents.typed_command import COMMENT
from tests.e2e.delivery.machine import NO_INDEX

NAMED = re.compile(r"(?:--stack |--to |STACK=)([\w-]+)")


@dataclass
class Laptop(Story):
    """A clone of the repository, and what its shell knows."""

    homes: Mapping[str, Home] = field(default_factory=dict)
    """The sandboxes, by the stacks whose workspaces they stand for."""
    variables: Mapping[str, str] = field(default_factory=dict)

    def git(self, *words: str) -> str:
        """Run git in the clone."""
        done = subprocess.run(
            ["git", *words], cwd=self.directory, env=self.environment(""), capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def at(self, branch: str) -> None:
        """Have a branch checked out as it is at `origin`, and nothing else in the files."""
        self.git("fetch", "--quiet", "--prune", "origin")
        self.git("switch", "--quiet", "--discard-changes", "--force-create", branch, f"origin/{branch}")

    def changed(self, branch: str) -> set[str]:
        """The lines by which a branch at `origin` differs from its main."""
        self.git("fetch", "--quiet", "origin")
        lines = self.git("diff", "--unified=0", f"origin/main...origin/{branch}").splitlines()
        return {line for line in lines if re.match(r"[-+](?![-+])", line)}

    def environment(self, command: str) -> dict[str, str]:
        """Reach, as ROLLPIN_SANDBOX, the workspace of the stack that the command names, else that of prod."""
        home = self.homes[[*NAMED.findall(command), "prod"][0]]
        return super().environment(command) | NO_INDEX | dict(self.variables) | {SANDBOX_VARIABLE: str(home.root)}

    def blocks(self, page: str) -> list[Block]:
        """What a page tells people to type here, or to write into a stack's file, block by block."""
        return [block for block in blocks(page) if self.name in block.stories]

    def do(self, *these: Block) -> None:
        """Write what is to be written, and type lines one after the other; fails where one does."""
        for block in these:
            if block.kind == "adds":
                self._written(block)
                continue
            for line in lines(block.text):
                code, printed = self.type(line)
                assert code == 0, f"{block} failed at: {line}\n{printed}"


def lines(text: str) -> Iterator[str]:
    """What is typed, without its comments."""
    for line in text.replace("\\\n", " ").splitlines():
        if typed := COMMENT.sub("", line).strip():
            yield typed


def laptop(directory: Path, remote: Path, homes: Mapping[str, Home], variables: Mapping[str, str]) -> Laptop:
    """A clone of the repository, made anew unless it is there, with the environment of the tests in it."""
    made = Laptop("delivery", directory, homes=homes, variables=variables)
    if directory.exists():
        return made
    subprocess.run(["git", "clone", "--quiet", remote.as_uri(), directory], check=True)
    (directory / ".venv").symlink_to(sys.prefix)
    (directory / ".git/info/exclude").write_text(".venv\n")
    for file in (*directory.glob("requirements*.txt"), directory / "pyproject.toml"):
        os.utime(file, (0, 0))
    made.git("update-index", "-q", "--refresh")  # or a switch would write them anew
    return made
