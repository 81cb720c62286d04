"""Words what a message tells its reader to type: complete for a stack, a model, a checkout and a sandbox.

Both halves of Rollpin tell people what to type next, of the same stack. This module is pure and imports the standard
library alone, so that both can use it.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

OWN_HOME = ".sandbox"
"""The directory of a checkout that its own sandbox is in."""
PROJECT = "project"
"""The directory of another sandbox's home that its stack file is in."""
PROGRAM = "model-ops"
SANDBOX_VARIABLE = "ROLLPIN_SANDBOX"
"""Names the home of a sandbox that stands for the workspace of whatever stack is named."""
OF_ALL_MODELS = frozenset({"status", "verify"})
"""Commands of `model-ops` that look at all models of a stack."""


@dataclass(frozen=True, kw_only=True)
class Commands:
    """The commands for one stack, as they are typed where the reader is."""

    stack: str
    project: Path | None = None
    """The checkout, or None where the reader is in it."""
    home: Path | None = None
    """The home of the local stack's sandbox; None for the checkout's own."""
    outputs: Path | None = None
    """The file with the stack's outputs that was named in its stead."""
    model: str | None = None
    """The model that is meant; None where the stack serves no other."""
    by_hand: bool = False
    """Whether somebody deploys the local stack by `pulumi up`, in a backend of his own."""
    rehearsed_on: Path | None = None
    """The home of the sandbox that stands for the stack's workspace; each command names it, so that none leaves it."""

    @classmethod
    def at(cls, stack: str, project: Path) -> Commands:
        """Those for a stack of the checkout in `project`."""
        return cls(stack=stack, project=None if project.resolve() == Path.cwd() else project)

    @classmethod
    def on_sandbox(cls, stack: str, home: Path, source: Path) -> Commands:
        """Those for the stack of the sandbox in `home`, whose file people edit in `source`."""
        if home.absolute() == source.absolute() / OWN_HOME:
            return cls.at(stack, source)
        return cls(stack=stack, home=home)

    @classmethod
    def rehearsing(cls, stack: str, source: Path, home: Path) -> Commands:
        """Those for a stack of the checkout in `source`, while the sandbox in `home` stands for its workspace."""
        return replace(cls.at(stack, source), rehearsed_on=home)

    def of(self, model: str) -> Commands:
        """Those for one model of the stack."""
        return replace(self, model=model)

    def among(self, model: str, models: Collection[str]) -> Commands:
        """Those for one of the stack's models, which is named where there are others."""
        return self.of(model) if len(models) > 1 else self

    @property
    def file(self) -> str:
        """The stack's file that people edit."""
        directory = self.home / PROJECT if self.home else self.project or Path()
        return typed(directory / f"Pulumi.{self.stack}.yaml")

    @property
    def up(self) -> str:
        """What deploys the stack."""
        return self.engine("up")

    @property
    def bootstrap(self) -> str:
        """What makes what the stack needs before its first deployment."""
        return self._make(f"bootstrap STACK={self.stack}")

    @property
    def verify(self) -> str:
        """What proves that what is pinned is what serves."""
        return self.model_ops("verify") if self.home else self._make(f"verify STACK={self.stack}")

    @property
    def sandbox(self) -> str:
        """What starts the stack's sandbox."""
        home = self.home or self.rehearsed_on
        return f"{python()} -m sandbox start --home {typed(home)}" if home else self._make("sandbox")

    def engine(self, operation: str) -> str:
        """What runs the engine on the stack: up, preview, refresh or destroy."""
        if self.by_hand:
            place = f" -C {typed(self.project)}" if self.project else ""
            return f"pulumi{place} {operation} --stack {self.stack}"
        if self.home:
            return f"{python()} -m engine {operation} --stack {self.stack} --home {typed(self.home)}"
        return self._make(f"{operation} STACK={self.stack}")

    def model_ops(self, *words: str | int) -> str:
        """A `model-ops` command for the stack, and for the model where it is one of several."""
        named = f"--target {typed(self.outputs)}" if self.outputs else f"--stack {self.stack}"
        model = f" --model {self.model}" if self.model and words[0] not in OF_ALL_MODELS else ""
        place = self.home or self.project
        project = f" --project {typed(place)}" if place else ""
        return f"{self._rehearsing}{program()} {' '.join(map(str, words))} {named}{model}{project}"

    def pull_request(self, branch: str) -> str:
        """What pushes a branch of the repository and opens its pull request."""
        place = self.home or self.project
        project = f" --project {typed(place)}" if place else ""
        return f"{program()} pull-request {shlex.quote(branch)}{project} --yes"

    def _make(self, goal: str) -> str:
        place = f" -C {typed(self.project)}" if self.project else ""
        return f"{self._rehearsing}make{place} {goal}"

    @property
    def _rehearsing(self) -> str:
        return f"{SANDBOX_VARIABLE}={typed(self.rehearsed_on)} " if self.rehearsed_on else ""


def typed(path: Path) -> str:
    """A path as it is typed from here: short where it is below, quoted where a shell wants that."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))


def program() -> str:
    """What to type for `model-ops` from here: by its name where the shell finds it, else by its path."""
    beside = Path(sys.executable).with_name(PROGRAM)
    return PROGRAM if shutil.which(PROGRAM) or not beside.exists() else typed(beside)


def python() -> str:
    """What to type for the interpreter that runs this, from here."""
    return typed(Path(sys.executable))
