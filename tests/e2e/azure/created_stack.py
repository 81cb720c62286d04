"""A stack that creates its platform, on the real engine: Azure and the account are doubles, the workspace a sandbox."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pulumi.automation import EngineEvent, PulumiCommand
from pulumi.automation.errors import CommandError

from engine import own_variables, policies
from engine.event_stack import EventStack, KnownStacks, Operation
from engine.preview_document import PreviewEvents
from infra.program import provision
from model_ops.commands import Commands
from policy.finding import Finding
from sandbox.home import Home
from tests.azure.account import Account
from tests.azure.subscription import Subscription
from tests.e2e.engine.stand_in.driven_stack import PROJECT, Run


@dataclass(frozen=True)
class Cloud:
    """What a stack is deployed to, and how the engine gets there."""

    home: Home
    subscription: Subscription
    account: Account
    environment: Mapping[str, str]
    command: PulumiCommand

    @property
    def url(self) -> str:
        """Where a workspace of the subscription answers, with `https://`."""
        return f"https://{self.subscription.host}"


class CreatedStack:
    """Runs the engine on the program with a stack's `file`, which may be written anew between runs.

    The state is in `directory`, or where `backend` says.
    """

    def __init__(self, name: str, directory: Path, cloud: Cloud, backend: Mapping[str, str] | None = None) -> None:
        self.name, self.project, self.cloud = name, directory / "project", cloud
        self.file = self.project / f"Pulumi.{name}.yaml"
        self.documents = PreviewEvents()
        for each in ("project/infra", "state"):
            (directory / each).mkdir(parents=True, exist_ok=True)
        (self.project / "Pulumi.yaml").write_text(PROJECT)
        (directory / "passphrase").write_text("correct horse")
        self.environment = {
            **cloud.environment,
            "PATH": os.environ["PATH"],
            "PULUMI_BACKEND_URL": f"file://{directory / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(directory / "passphrase"),
            **(backend or {}),
        }
        self._state = directory / "state"

    def write(self, text: str) -> None:
        """Write the stack's file; what the engine added to it before goes, and comes again."""
        self.file.write_text(text)

    def run(self, operation: Operation, *, target: Sequence[str] = ()) -> Run:
        """Run `up`, `preview`, `refresh` or `destroy`; a failure is told, not raised."""
        run, self.documents = Run(), PreviewEvents()
        aimed = {"target": list(target)} if target else {}

        def hear(event: EngineEvent) -> None:
            run(event)
            self.documents(event)

        with own_variables.only(self.environment):
            try:
                run.output = self._stack().run(operation, hear, **aimed)
            except CommandError as error:
                run.failed, run.output = True, str(error)
        return run

    def judged(self, run: Run) -> Sequence[Finding]:
        """What the policies find of the last preview."""
        return policies.judged(self.documents.document(run.errors or None), self.project, self.name)

    def _stack(self) -> EventStack:
        workspace = KnownStacks(
            self._state,
            work_dir=str(self.project),
            pulumi_command=self.cloud.command,
            program=lambda: provision(self.project, Commands(stack=self.name)),
            env_vars=self.environment,
        )
        return EventStack(self.name, workspace)
