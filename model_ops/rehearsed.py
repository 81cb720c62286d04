"""A stack that is rehearsed: for now a sandbox on this machine stands for its workspace.

The variable ROLLPIN_SANDBOX names the sandbox's directory. Whatever stack is named then is deployed to it, each with a
state of its own below it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model_ops.commands import SANDBOX_VARIABLE, Commands, typed
from model_ops.errors import StackError
from model_ops.stack_name import STACK_NAME

STACKS = "stacks"
"""The directory of a sandbox's home in which each rehearsed stack has one."""
OF_A_HOME = ("token", "deployments")
"""What every sandbox's home holds from its first start on."""


@dataclass(frozen=True)
class Rehearsed:
    """A stack, and the home of the sandbox that stands for its workspace."""

    stack: str
    home: Path

    @classmethod
    def find(cls, stack: str, environment: Mapping[str, str] | None = None) -> Rehearsed | None:
        """The sandbox that ROLLPIN_SANDBOX names, absolute; None where it names none.

        Raises StackError where the directory holds something else than a sandbox, or the stack's name is none.
        """
        named = (os.environ if environment is None else environment).get(SANDBOX_VARIABLE, "").strip()
        if not named:
            return None
        if not STACK_NAME.fullmatch(stack):
            raise StackError(f"No stack can be named {stack!r}. Name it as in Pulumi.NAME.yaml: --stack NAME")
        home = Path(named).absolute()
        _confirm(home)
        return cls(stack, home)

    @property
    def root(self) -> Path:
        """The stack's own directory in the sandbox's home: its state, its lock, its copy of the project's files."""
        return self.home / STACKS / self.stack

    def commands(self, source: Path) -> Commands:
        """What to type for it, whose file people edit in `source`."""
        return Commands.rehearsing(self.stack, source, self.home)

    def __str__(self) -> str:
        """Say so in one line."""
        return f"the sandbox in {typed(self.home)} stands for the workspace of stack {self.stack} ({SANDBOX_VARIABLE})"


def _confirm(home: Path) -> None:
    """Raise StackError unless the directory is a sandbox's home, or may become one."""
    if not home.exists() or (home.is_dir() and not any(home.iterdir())):
        return
    if not all((home / name).exists() for name in OF_A_HOME):
        found = "holds other things than a sandbox" if home.is_dir() else "is no directory"
        raise StackError(
            f"{SANDBOX_VARIABLE} names {home}, which {found}.\n"
            "Name the directory of a sandbox, an empty one, or one that is not there yet: "
            f"export {SANDBOX_VARIABLE}=.sandbox/rehearsal\n"
            f"Or go to the stack's own workspace: unset {SANDBOX_VARIABLE}"
        )
