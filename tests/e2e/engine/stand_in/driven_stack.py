"""A stack of the tests' own on the real engine, with the stand-in as its Databricks provider."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi.automation.errors import CommandError

from engine.event_stack import EventStack, KnownStacks, Operation
from engine.stand_in import executable
from engine.steps import Recorder
from sandbox.home import Home

PROJECT = "name: rollpin\nruntime: python\nmain: infra/\noptions: {refresh: always}\n"


@dataclass
class Run:
    """What one run of the engine did and said."""

    recorder: Recorder = field(default_factory=Recorder)
    lines: list[str] = field(default_factory=list)
    output: str = ""
    failed: bool = False

    def __call__(self, event: automation.EngineEvent) -> None:
        self.lines += self.recorder(event)

    @property
    def changes(self) -> dict[str, int]:
        """How many resources each operation touched, without those that stayed as they were."""
        return {operation: n for operation, n in self.recorder.changes.items() if operation != "same"}

    @property
    def errors(self) -> str:
        """All errors that the engine showed."""
        return "\n".join(self.recorder.errors)

    def paths(self, operation: str) -> dict[str, list[str]]:
        """The paths that differ, by resource, in the steps of one operation."""
        steps = [step for step in self.recorder.steps if step.operation == operation]
        return {step.name: [change.path for change in step.changes] for step in steps}


class DrivenStack:
    """Runs the engine on whatever `program` is at the moment."""

    def __init__(self, directory: Path, home: Home, command: automation.PulumiCommand) -> None:
        self.directory = directory
        self.program: Callable[[], None] = lambda: None
        self.url, self.token = home.url, home.token
        for name in ("project/infra", "state", "home"):
            (directory / name).mkdir(parents=True)
        (directory / "project" / "Pulumi.yaml").write_text(PROJECT)
        (directory / "passphrase").write_text("correct horse")
        plugins = executable.install(directory / "plugins").parent
        workspace = KnownStacks(
            directory / "state",
            work_dir=str(directory / "project"),
            pulumi_command=command,
            program=self._program,
            env_vars={
                "PATH": f"{plugins}{os.pathsep}{os.environ['PATH']}",
                "PULUMI_HOME": str(directory / "home"),
                "PULUMI_BACKEND_URL": f"file://{directory / 'state'}",
                "PULUMI_CONFIG_PASSPHRASE_FILE": str(directory / "passphrase"),
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "DATABRICKS_HOST": home.url,
                "DATABRICKS_TOKEN": home.token,
            },
        )
        self.stack = EventStack("local", workspace)

    def _program(self) -> None:
        self.program()

    def run(self, operation: Operation, listen: Callable[[automation.EngineEvent], None] | None = None) -> Run:
        """Run `up`, `preview`, `refresh` or `destroy`; a failure is told, not raised."""
        run = Run()

        def hear(event: automation.EngineEvent) -> None:
            run(event)
            if listen:
                listen(event)

        try:
            run.output = self.stack.run(operation, hear)
        except CommandError as error:
            run.failed, run.output = True, str(error)
        return run

    @property
    def state(self) -> str:
        """The stack's state as it is on disk."""
        return (self.directory / "state/.pulumi/stacks/rollpin/local.json").read_text()

    def resource(self, name: str) -> dict[str, Any]:
        """One resource as the state has it; secrets are ciphertext."""
        resources = json.loads(self.state)["checkpoint"]["latest"]["resources"]
        return next(each for each in resources if each["urn"].endswith(f"::{name}"))

    def processes(self) -> dict[int, int]:
        """The provider processes that this stack's runs left or have now: pid and parent's pid."""
        mark = f"ROLLPIN_STAND_IN_MARK={self.directory}"
        command = ["ps", "axeww", "-o", "pid=,ppid=,args="]
        listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 2) for line in listing.splitlines() if mark in line and "engine.stand_in" in line]
        return {int(pid): int(parent) for pid, parent, _ in rows}
