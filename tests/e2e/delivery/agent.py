"""What a machine of Azure Pipelines does with one step: a script, a checkout, an artifact, or one of Microsoft's tasks.

Scripts tell the agent what they hand on by lines on standard output that begin with `##vso[`.
"""

from __future__ import annotations

import fnmatch
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.delivery import pipeline
from tests.e2e.delivery.machine import Machine
from tests.e2e.delivery.repository import Event

COMMAND = re.compile(r"^##vso\[([\w.]+) ?([^\]]*)\](.*)$", re.MULTILINE)
ESCAPES = {"%3B": ";", "%0D": "\r", "%0A": "\n", "%5D": "]", "%AZP25": "%"}
KINDS = ("script", "task", "checkout", "publish", "download")
Outcome = tuple[bool, str]


class AgentError(Exception):
    """A step that nothing here stands in for."""


@dataclass
class Agent:
    """The machine of one job, with what its steps have handed on so far."""

    machine: Machine
    event: Event
    artifacts: Path
    connection: str | None
    """The service connection whose variable group the job takes, without `rollpin-`."""
    variables: dict[str, str]
    token: str
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""

    def act(self, step: Mapping[str, Any]) -> Outcome:
        """Run a step; says whether it passed, and what it printed. Raises AgentError where nothing here can."""
        (kind,) = (each for each in KINDS if each in step)
        try:
            return getattr(self, f"_{kind}")(step)  # type: ignore[no-any-return] # each of KINDS is a method below
        except (subprocess.CalledProcessError, FileNotFoundError, FileExistsError) as error:
            return False, f"##[error]{error}\n{getattr(error, 'stderr', '')}"

    def _script(self, step: Mapping[str, Any], script: str | None = None) -> Outcome:
        given = {key: self._filled(value) for key, value in (step.get("env") or {}).items()}
        seen = {re.sub(r"[. ]", "_", key).upper(): value for key, value in self.variables.items()}
        done = self.machine.script(self._filled(script or step["script"]), "script", seen | given)
        for command, properties, value in COMMAND.findall(done.stdout):
            self._take(step, command, dict(re.findall(r"(\w+)=([^;]*)", properties)), value)
        return done.returncode == 0, done.stdout

    def _task(self, step: Mapping[str, Any]) -> Outcome:
        if step["task"] == "UsePythonVersion@0":
            return True, ""
        if step["task"] != "AzureCLI@2":
            raise AgentError(f"nothing stands in for {step['task']}")
        given = step["inputs"]
        if (given["azureSubscription"], given["scriptType"]) != (f"rollpin-{self.connection}", "bash"):
            raise AgentError(f"{step['displayName']}: {given} is not of {self.connection}")
        return self._script(step, given["inlineScript"])

    def _checkout(self, step: Mapping[str, Any]) -> Outcome:
        """Check the commit out, on no branch, beside every branch of the remote."""
        if (step["checkout"], step["fetchDepth"]) != ("self", "0"):
            raise AgentError(f"{step} is not done here")
        remote = self.event.remote.as_uri()
        self._git("init", "--quiet", "--initial-branch=main")
        self._git("remote", "add", "origin", remote)
        self._git("fetch", "--quiet", "--no-tags", "origin", "+refs/heads/*:refs/remotes/origin/*", self.event.sha)
        self._git("checkout", "--quiet", "--detach", self.event.sha)
        self.machine.equip()
        return True, f"HEAD is now at {self.event.sha}\n"

    def _publish(self, step: Mapping[str, Any]) -> Outcome:
        source, place = self.machine.workspace / step["publish"], self.artifacts / self._filled(step["artifact"])
        place.mkdir(parents=True)
        if source.is_dir():
            shutil.copytree(source, place, dirs_exist_ok=True)
        else:
            shutil.copy2(source, place)
        return True, ""

    def _download(self, step: Mapping[str, Any]) -> Outcome:
        """Bring one artifact, or what fits the patterns of all, each into a directory of its name."""
        if "artifact" in step:
            name = self._filled(step["artifact"])
            shutil.copytree(self.artifacts / name, self.machine.root / name)
            return True, ""
        for file in sorted(each for each in self.artifacts.glob("**/*") if each.is_file()):
            inner = file.relative_to(self.artifacts)
            if fnmatch.fnmatch(f"/{inner}", step["patterns"].replace("**", "*")):
                (self.machine.root / inner).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, self.machine.root / inner)
        return True, ""

    def _take(self, step: Mapping[str, Any], command: str, properties: Mapping[str, str], value: str) -> None:
        """Do what a line of a script tells the agent to."""
        value = _unescaped(value)
        if command == "task.setvariable":
            # An output of a step without a name of its own can be asked for by nobody.
            key = (
                f"{step.get('name')}.{properties['variable']}" if properties.get("isOutput") else properties["variable"]
            )
            self.variables[key] = value
            if properties.get("isOutput") and "name" in step:
                self.outputs[key] = value
        elif command == "task.uploadsummary":
            self.summary += Path(value).read_text() + "\n"
        else:
            raise AgentError(f"nothing here does {command}")

    def _filled(self, text: str) -> str:
        return pipeline.filled(text, {**self.variables, "System.AccessToken": self.token})

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.machine.workspace, check=True, capture_output=True, text=True)


def _unescaped(text: str) -> str:
    for escape, meant in ESCAPES.items():
        text = text.replace(escape, meant)
    return text
