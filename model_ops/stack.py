"""Asks a stack what it pins, by `pulumi stack output --json`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model_ops.errors import StackError
from model_ops.target import Target

LOCAL = "local"
ENGINE_FILE = Path(".sandbox") / "engine.json"
"""Where the sandbox's engine leaves its address: the CLI, the project directory and the names of its files."""


@dataclass(frozen=True)
class Address:
    """How to ask a stack: which CLI, in which directory, with which variables, and whose token to use then."""

    stack: str
    pulumi: str
    project: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    token_file: Path | None = None

    @property
    def token(self) -> str | None:
        """The sandbox's token for the local stack; None where credentials come from the environment."""
        return self.token_file.read_text().strip() if self.token_file else None


def address(stack: str, project: Path) -> Address:
    """Find out how to ask `stack` of the project in `project`; raises StackError where it cannot be asked."""
    left = _left_by_engine(project)
    if stack == LOCAL:
        if left is None:
            raise StackError("The local stack is not deployed. Deploy it: make sandbox && make up STACK=local")
        return _local(left)
    pulumi = shutil.which("pulumi") or (left or {}).get("pulumi")
    if pulumi is None:
        raise StackError(
            f"There is no `pulumi` on the PATH to ask stack {stack} with. "
            "Install it: https://www.pulumi.com/docs/install"
        )
    return Address(stack, pulumi, project)


def ask(where: Address, *words: str) -> str:
    """Give what `pulumi stack <words>` prints; raises StackError with the engine's last word where it fails."""
    command = [where.pulumi, "stack", *words, "--stack", where.stack, "--non-interactive"]
    try:
        done = subprocess.run(
            command,
            cwd=where.project,
            env={**os.environ, **where.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise StackError(f"Stack {where.stack} cannot be asked: {error}\n{deploy(where.stack)}") from None
    if done.returncode:
        raise StackError(f"Stack {where.stack} cannot be asked: {_last_line(done.stderr)}\n{deploy(where.stack)}")
    return done.stdout


def target(where: Address) -> Target:
    """Read the stack's outputs; raises StackError where there are none."""
    answer = ask(where, "output", "--json")
    try:
        return Target.from_outputs(where.stack, json.loads(answer))
    except (KeyError, TypeError, ValueError) as error:
        raise StackError(
            f"Stack {where.stack} has no output {error}: it was never deployed, or by another version of the program.\n"
            f"{deploy(where.stack)}"
        ) from None


def deploy(stack: str) -> str:
    """What to type where a stack should have been deployed and is not."""
    return f"Deploy it: make up STACK={stack}"


def _left_by_engine(project: Path) -> dict[str, Any] | None:
    try:
        left = json.loads((project / ENGINE_FILE).read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise StackError(f"{project / ENGINE_FILE} cannot be read. {deploy(LOCAL)}") from None
    return left if isinstance(left, dict) else None


def _local(left: Mapping[str, Any]) -> Address:
    try:
        where = Address(
            LOCAL, left["pulumi"], Path(left["project"]), left["environment"], token_file=Path(left["token_file"])
        )
    except (KeyError, TypeError):
        raise StackError(f"{ENGINE_FILE} does not say how to ask the local stack. {deploy(LOCAL)}") from None
    for path in (where.pulumi, where.project, where.token_file):
        if path is not None and not Path(path).exists():
            raise StackError(f"The local stack cannot be asked: {path} is gone. {deploy(LOCAL)}")
    return where


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["the engine said nothing"])[-1]
