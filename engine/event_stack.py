"""A stack whose runs are known by their events, so that the engine is asked for nothing else when they end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pulumi.automation import EngineEvent, LocalWorkspace, OutputMap, Stack, UpdateSummary
from pulumi.automation._stack import StackInitMode

from engine import inline_program

STATES = ".pulumi/stacks/*"
"""Where a state backend in a directory keeps the stacks' files, those of each project in a directory of its own."""
Operation = Literal["up", "preview", "refresh", "destroy"]


class KnownStacks(LocalWorkspace):
    """A workspace on a state backend in the directory `state`, whose files say which stacks there are.

    Selecting one would be a process of the engine ahead of each run, and every command here names its stack.
    """

    def __init__(self, state: Path, **settings: Any) -> None:
        super().__init__(**settings)
        self._state = state

    def select_stack(self, stack_name: str) -> None:
        """Select a stack, or raise StackNotFoundError: both only where no file of it is there."""
        if not any(self._state.glob(f"{STATES}/{stack_name}.json")):
            super().select_stack(stack_name)


class EventStack(Stack):
    """Runs operations without reading outputs and history afterwards: each would be a process of the engine.

    `model_ops.stack` reads the outputs for those who want them.
    """

    def __init__(self, name: str, workspace: LocalWorkspace) -> None:
        super().__init__(name, workspace, StackInitMode.CREATE_OR_SELECT)

    def run(self, operation: Operation, follow: Callable[[EngineEvent], None], **options: Any) -> str:
        """Run an operation, tell `follow` its events and return what it printed; raises CommandError when it fails."""
        try:
            return str(getattr(self, operation)(on_event=follow, **options).stdout)
        finally:
            inline_program.wait()

    def outputs(self) -> OutputMap:
        """Give no outputs: the Automation API asks for them at the end of an `up`."""
        return {}

    def info(self, show_secrets: bool = True) -> UpdateSummary:  # noqa: ARG002 - the Automation API gives it
        """Give an empty summary: the Automation API asks for one at the end of each operation."""
        return UpdateSummary("", datetime.now(UTC), "", {}, {}, "")
