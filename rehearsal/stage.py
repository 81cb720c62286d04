"""The demo's stage: a sandbox and a local stack in a directory of their own, with training, asking and load."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config
from databricks.sdk.service.catalog import ModelVersionInfoStatus

from engine import principals, project_copy
from engine.event_stack import Operation
from engine.local_stack import LocalStack, Outcome
from engine.pulumi_cli import Engine
from model_ops import user_agent
from model_ops.pinning import pins
from model_ops.proving.answer import Answer, ask, bearer
from model_ops.proving.verify import verify
from model_ops.workspace import Workspace
from rehearsal import processes, training
from rehearsal.stack_file import STACK_FILE
from sandbox import lifecycle
from sandbox.home import Home

MODEL = "dbdemos_advanced_chatbot_model"
INDEX = "local.chatbot.docs_index"
"""As the demo's stack file makes it."""
SCOPE = "chatbot"
"""The secret scope, likewise."""
Say = Callable[[str], None]


class DemoError(Exception):
    """The demo cannot go on; the message says what happened and where to look."""


@dataclass(frozen=True)
class Stage:
    """Where the demo plays; `open_stage` makes one and clears it away."""

    home: Home
    directory: Path
    stack: LocalStack
    say: Say

    @property
    def invocations(self) -> str:
        """The address that clients of the endpoint ask."""
        return f"{self.home.url}/serving-endpoints/{self.stack.target().models[MODEL].endpoint_name}/invocations"

    def pin(self, version: int) -> None:
        """Change the one line of the stack's file."""
        pins.pin(project_copy.stack_file(self.directory), MODEL, version)
        self.say(f"  Pulumi.{project_copy.STACK}.yaml:  servedVersion: {version}")

    def run(self, operation: Operation) -> Outcome:
        """Run the engine, and after an `up` that ended well prove from outside that the pin serves."""
        outcome = self.stack.run(operation)
        if operation == "up" and outcome.error is None:
            self._prove()
        return outcome

    def must(self, operation: Operation) -> Outcome:
        """Run the engine and raise DemoError if that fails."""
        outcome = self.run(operation)
        if outcome.error is not None:
            raise DemoError(f"{operation} failed: {outcome.error}")
        return outcome

    def ask(self, question: str) -> Answer:
        """Ask the endpoint, and show what came back."""
        answer = ask(self.invocations, bearer(self.home.token), question)
        text = textwrap.shorten(answer.text, 160, placeholder=" …")
        self.say(f"  Q: {question}\n  A: {text}\n  (version {answer.version}, {answer.seconds * 1000:.0f} ms)")
        return answer

    def registered(self) -> list[int]:
        """The versions that the registry holds and calls READY."""
        user_agent.introduce()
        signing_in = Config(host=self.home.url, token=self.home.token, auth_type="pat", **user_agent.product())
        client = WorkspaceClient(config=signing_in)
        found = client.model_versions.list(self.stack.target().models[MODEL].full_name)
        return sorted(each.version for each in found if each.version and each.status == ModelVersionInfoStatus.READY)

    def train(self, versions: str) -> None:
        """Train and register versions such as `1-7`, in a process of its own."""
        training.train(self.home, self.stack.target().models[MODEL], versions, INDEX)

    def keep_secrets(self) -> None:
        """Put what version 8 signs in with where its environment refers to."""
        workspace = Workspace(self.home.url, self.home.token)
        for key, value in {"host": self.home.url, "token": self.home.token}.items():
            body = {"scope": SCOPE, "key": key, "string_value": value}
            workspace.send("POST", "/api/2.0/secrets/put", body)
            self.say(f"  secret {SCOPE}/{key} is put")

    @contextmanager
    def load(self, file: Path, rate: float) -> Iterator[None]:
        """Send a steady load, from a process of its own, for as long as the block runs."""
        environment = {**os.environ, "DATABRICKS_TOKEN": self.home.token}
        command = [sys.executable, "-m", "rehearsal.load", self.invocations, str(file), "--rate", str(rate)]
        with subprocess.Popen(command, env=environment) as process:
            try:
                _wait_for_lines(file, process)
                yield
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=330)

    def _prove(self) -> None:
        workspace = Workspace(self.home.url, self.home.token)
        for proof in verify(self.stack.target(), workspace.endpoint, timeout=30):
            self.say(f"  verified: {proof}")
            if not proof.held:
                raise DemoError(f"the up ended well, but {proof}")


@contextmanager
def open_stage(root: Path, source: Path, engine: Engine, say: Say) -> Iterator[Stage]:
    """Make a fresh stage below `root`, and stop all of it in the end, however the demo ends."""
    home = Home(root)
    if root.exists():
        lifecycle.stop(home)
        shutil.rmtree(root)
    home.create()
    try:
        lifecycle.start(home)
        directory = project_copy.copy(source, root / "project", STACK_FILE)
        with closing(LocalStack(home, directory, engine, say)) as stack:
            principals.introduce(home, principals.named(directory))
            yield Stage(home, directory, stack, say)
    finally:
        _clear_away(home)


def _clear_away(home: Home) -> None:
    """Stop the sandbox, and raise DemoError if a process of it is left."""
    router = lifecycle.running(home)
    ours = processes.below(router) if router else []
    lifecycle.stop(home)
    if left := processes.left(ours):
        raise DemoError("the sandbox was stopped, but these processes of it are left:\n  " + "\n  ".join(left))


def _wait_for_lines(file: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until the load's first answers are written down; raises DemoError if it ends instead."""
    deadline = time.monotonic() + 30
    while not (file.exists() and file.stat().st_size):
        if process.poll() is not None or time.monotonic() > deadline:
            raise DemoError("the load did not start; its own words are above")
        time.sleep(0.05)
