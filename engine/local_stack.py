"""Runs the local stack on the real Pulumi engine, with the program inline, against a sandbox."""

from __future__ import annotations

import functools
import json
import os
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pulumi.automation import EngineEvent
from pulumi.automation.errors import CommandError, ConcurrentUpdateError

from engine import own_variables, policies, project_copy, provider_plugin
from engine.event_stack import EventStack, KnownStacks, Operation
from engine.inline_program import LOST
from engine.interruption import left_to_the_engine
from engine.preview_document import PreviewEvents
from engine.pulumi_cli import Engine
from engine.stack_lock import alone, refuse_if_alive
from engine.stand_in import announcement
from engine.stand_in.process import Process
from engine.steps import Recorder
from infra.settings import judged_file
from model_ops import user_agent
from model_ops.cache import cache
from model_ops.commands import Commands
from model_ops.imports import uncollected
from model_ops.loopback import unproxied
from model_ops.rehearsed import Rehearsed
from model_ops.stack import ENGINE_FILE, Address, target
from model_ops.target import Target
from policy.finding import Finding
from sandbox.home import Home, private_files, write_private

Report = Callable[[str], None]
ASKING = ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_HOME")
"""What the engine must find set to be asked about the stack; paths, no secret."""


@dataclass(frozen=True)
class Outcome:
    """How one run of the engine ended."""

    recorder: Recorder
    seconds: float
    error: str | None = None
    preview: PreviewEvents = field(default_factory=PreviewEvents)
    """The same events, for whoever wants the document of a preview."""
    findings: Sequence[Finding] = ()
    """What the policies found of it."""

    @property
    def refusal(self) -> str | None:
        """Why nothing was or may be changed: the engine's error, or else what the policies refuse."""
        return self.error or policies.refusal(self.findings)

    @property
    def document(self) -> dict[str, Any]:
        """What a preview would change, as `pulumi preview --json` prints it, with what the policies found."""
        return policies.with_findings(self.preview.document(self.error), self.findings)

    @property
    def is_lost(self) -> bool:
        """Whether program and engine lost each other before anything was done: the same can be run again."""
        return self.error is not None and LOST in self.error and not self.recorder.steps

    @property
    def changes(self) -> dict[str, int]:
        """How many resources each operation touched; components, which exist in the engine alone, are not counted."""
        return self.recorder.changes

    @property
    def counts(self) -> str:
        """The same in words."""
        if not self.changes:
            return "nothing to do"
        counted = ", ".join(f"{count} {operation}" for operation, count in self.changes.items())
        return f"{counted} (components are not counted)"


class LocalStack:
    """A stack on the sandbox in `home`: the local one, or one that is `rehearsed` there.

    `directory` holds the project files that it runs on. With a `source` these are copied anew from there ahead of each
    run; without one they are whatever they are. `report` hears each step and each error of a run, once, as it comes;
    `note` hears reasons that few ask for.
    """

    def __init__(
        self,
        home: Home,
        directory: Path,
        engine: Engine,
        report: Report = lambda _: None,
        note: Report = lambda _: None,
        source: Path | None = None,
        rehearsed: Rehearsed | None = None,
    ) -> None:
        self.home, self.directory, self.engine, self.source = home, directory, engine, source
        self.report, self.note, self.rehearsed = report, note, rehearsed
        self.name = rehearsed.stack if rehearsed else project_copy.STACK
        self.root = rehearsed.root if rehearsed else home.root
        self.environment = self._environment()
        self.plugin = provider_plugin.choose(home, engine.command.command, self.environment, report, note)
        if self.plugin.path:
            self.environment |= {
                "PATH": os.pathsep.join([str(self.plugin.path), os.environ["PATH"]]),
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            }
        self._stand_in = Process(home.logs / "stand-in.log")
        self._leave_address()

    def close(self) -> None:
        """End what runs for this stack between its runs; else that ends with this process."""
        self._stand_in.end()

    def __str__(self) -> str:
        """Say in one line which engine and which provider run it."""
        return f"{self.engine}, {self.plugin}"

    @property
    def label(self) -> str:
        """What people call it."""
        return f"stack {self.name}" if self.rehearsed else "the local stack"

    @property
    def commands(self) -> Commands:
        """What to type for it."""
        return self.address.commands

    @property
    def address(self) -> Address:
        """How to ask it, for `model_ops`."""
        return Address(
            self.name,
            str(self.engine.command.command),
            self.directory.absolute(),
            {name: self.environment[name] for name in ASKING},
            token_file=self.home.token_file.absolute(),
            source=self._edited.absolute(),
            rehearsed=self.rehearsed,
        )

    @property
    def _edited(self) -> Path:
        """Where the file is that people edit, of which the engine may have a copy: messages name that one."""
        return self.source or self.directory

    def run(self, operation: Operation) -> Outcome:
        """Run the engine; a refusal or a failure is in the outcome, raises StackBusyError if another run goes on.

        An `up` is previewed first: what program or policies refuse is refused before anything is changed.
        """
        with (
            alone(self.root / "stack.lock", self.label),
            own_variables.only(self.environment),
            left_to_the_engine(self.report),
            private_files(),
        ):
            if self.source:
                project_copy.copy(self.source, self.directory, stack=self.name)
            if operation == "up":
                os.environ.update(judged_file.variables(self._edited / f"Pulumi.{self.name}.yaml"))
                planned = self._planned()
                if planned.error is not None:
                    return planned
                outcome = self._tried("up", self.report)
                return replace(outcome, findings=planned.findings)
            outcome = self._tried(operation, self.report)
            return self._judged(outcome) if operation == "preview" else outcome

    def _planned(self) -> Outcome:
        """Preview without a word, and say only why nothing will be changed, or what the policies found."""
        planned = self._judged(self._tried("preview", lambda _: None))
        for line in f"error: {planned.error}".splitlines() if planned.error else ():
            self.report(f"  {line}")
        return replace(planned, error=planned.refusal)

    def _judged(self, outcome: Outcome) -> Outcome:
        findings = policies.judged(outcome.preview.document(outcome.error), self._edited, self.name)
        policies.tell(findings, lambda line: self.report(f"  {line}"))
        return replace(outcome, findings=findings)

    def _tried(self, operation: Operation, report: Report) -> Outcome:
        outcome = self._outcome(operation, report)
        if outcome.is_lost:
            self.report("  the engine was lost before anything was done; once more …")
            outcome = self._outcome(operation, report)
        return outcome

    def _outcome(self, operation: Operation, report: Report) -> Outcome:
        recorder, preview = Recorder(), PreviewEvents()

        def follow(event: EngineEvent) -> None:
            preview(event)
            for line in recorder(event):
                # That the stand-in stands in is said already, with the reason, by whoever shows this stack.
                tell = self.note if announcement.TEXT in line else report
                tell(f"  {line}")

        began, error = time.monotonic(), None
        try:
            self._attempt(self._stack(), operation, follow)
        except CommandError as failure:
            error = "\n".join(recorder.errors)
            if not error:
                error = _last_words(failure)
                report(f"  error: {error}")
        return Outcome(recorder, time.monotonic() - began, error, preview)

    def target(self) -> Target:
        """What the stack says about itself; raises StackError before its first `up`."""
        return target(self.address)

    def _attempt(self, stack: EventStack, operation: Operation, follow: Callable[[EngineEvent], None]) -> None:
        try:
            stack.run(operation, follow, suppress_progress=True)
        except ConcurrentUpdateError as error:
            # Only one driver at a time gets here (see stack_lock), so a lock whose owner is gone is a dead run's.
            refuse_if_alive(str(error), self.label)
            self.report("a run that was killed left its lock: clearing it")
            stack.cancel()
            stack.refresh(clear_pending_creates=True, suppress_progress=True)
            stack.run(operation, follow, suppress_progress=True)

    def _stack(self) -> EventStack:
        workspace = KnownStacks(
            self.root / "state",
            work_dir=str(self.directory),
            pulumi_command=self.engine.command,
            env_vars={**self.environment, **self._attached()},
            program=self._program,
        )
        return EventStack(self.name, workspace)

    def _attached(self) -> dict[str, str]:
        """What lets the engine attach to one stand-in for all of this process's runs, instead of starting several."""
        return self._stand_in.variables(self.environment) if self.plugin.kind == "stand-in" else {}

    def _program(self) -> None:
        _provision()(self._edited, self.commands, self.home.url if self.rehearsed else None)

    def _environment(self) -> dict[str, str]:
        passphrase, state = self.root / "passphrase", self.root / "state"
        for directory in (self.root.parent, self.root, state):
            directory.mkdir(mode=0o700, exist_ok=True)
        if not passphrase.exists():
            write_private(passphrase, secrets.token_urlsafe(32))
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(Path.home()),
            "PULUMI_BACKEND_URL": f"file://{state.absolute()}",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase.absolute()),
            "PULUMI_HOME": str(cache() / "pulumi-home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "DATABRICKS_HOST": self.home.url,
            "DATABRICKS_TOKEN": self.home.token,
            "DATABRICKS_AUTH_TYPE": "pat",
            **unproxied(os.environ),
            **user_agent.upstream(),
        }

    def _leave_address(self) -> None:
        """Write down how to ask this stack, for `model-ops`; paths only, no secret."""
        where = self.address
        left = {
            "pulumi": where.pulumi,
            "project": str(where.project),
            "source": str(where.source),
            "environment": dict(where.environment),
            "token_file": str(where.token_file),
        }
        write_private(self.root / ENGINE_FILE, json.dumps(left, indent=2) + "\n")


@functools.cache
def _provision() -> Callable[..., None]:
    """The program. What it imports takes seconds, and garbage of earlier runs is none of it: it is looked for again."""
    with uncollected():
        from infra.program import provision

    return provision


def _last_words(error: CommandError) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return "\n".join(lines[-8:]) or "the engine failed and said nothing"
