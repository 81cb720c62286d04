"""A stack whose runs are known by their events, so that the engine is asked for nothing else when they end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

from pulumi.automation import EngineEvent, LocalWorkspace, OutputMap, Stack, UpdateSummary
from pulumi.automation._stack import StackInitMode

Operation = Literal["up", "preview", "refresh", "destroy"]


class EventStack(Stack):
    """Runs operations without reading outputs and history afterwards: each would be a process of the engine.

    `model_ops.stack` reads the outputs for those who want them.
    """

    def __init__(self, name: str, workspace: LocalWorkspace) -> None:
        super().__init__(name, workspace, StackInitMode.CREATE_OR_SELECT)

    def run(self, operation: Operation, follow: Callable[[EngineEvent], None], **options: Any) -> str:
        """Run an operation, tell `follow` its events and return what it printed; raises CommandError when it fails."""
        return str(getattr(self, operation)(on_event=follow, **options).stdout)

    def outputs(self) -> OutputMap:
        """Give no outputs: the Automation API asks for them at the end of an `up`."""
        return {}

    def info(self, show_secrets: bool = True) -> UpdateSummary:  # noqa: ARG002 - the Automation API gives it
        """Give an empty summary: the Automation API asks for one at the end of each operation."""
        return UpdateSummary("", datetime.now(UTC), "", {}, {}, "")
