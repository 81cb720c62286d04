"""Runs a stack in Azure with the released Pulumi CLI and plugins, after a look at what that needs."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from pulumi.automation import EngineEvent
from semver import VersionInfo

from engine import azure_task, preview_document
from engine.preview_document import PreviewEvents
from engine.pulumi_cli import OLDEST
from engine.released_plugin import is_installed
from engine.steps import Recorder
from model_ops import disk, user_agent
from model_ops.cli.output import say
from model_ops.did_you_mean import did_you_mean
from model_ops.errors import StackError
from model_ops.stack import stack_names

CREDENTIALS = (
    ("DATABRICKS_TOKEN",),
    ("DATABRICKS_CLIENT_ID",),
    ("DATABRICKS_CONFIG_PROFILE",),
    ("ARM_CLIENT_ID", "ARM_TENANT_ID"),
)
"""Sets of variables, each enough for a Databricks client to sign in with."""

AS_EVENTS = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
"""Has `pulumi preview --json` print each event, a line each, instead of a digest at its end."""
NO_REASON = "the engine refused it, and told no reason. Its own words are in the job's log, or: {command}"
NOTHING = "the engine ended before it knew anything of the stack. Its own words are in the job's log, or: {command}"
BACKEND = ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN")


def missing(stack: str, project: Path, environment: Mapping[str, str]) -> list[str]:
    """List what `stack` needs and this machine lacks, each with what to do about it."""
    lacks = []
    if not (project / f"Pulumi.{stack}.yaml").exists():
        known = stack_names(project)
        asked = did_you_mean(stack, known)
        lacks.append(f"Pulumi.{stack}.yaml: there is no such stack; there is {', '.join(known)}.{asked}")
    lacks += _lacks_tools(environment)
    if not any(all(environment.get(name) for name in names) for names in CREDENTIALS) and not shutil.which("az"):
        choices = "; ".join(" and ".join(names) for names in CREDENTIALS)
        lacks.append(f"credentials for Databricks: set {choices}; or install the Azure CLI and run `az login`")
    if not any(environment.get(name) for name in BACKEND) and not _logged_in(environment):
        lacks.append(f"a state backend: set {' or '.join(BACKEND)} (docs/first-deploy.md says which), or: pulumi login")
    return lacks


def run(stack: str, operation: str, project: Path) -> int:
    """Run `pulumi <operation>` on `stack` in the foreground; return its exit code."""
    command = ["pulumi", operation, "--stack", stack]
    return subprocess.run(command, cwd=project, env=_environment(), check=False).returncode


def preview(stack: str, project: Path, document: Path) -> int:
    """Preview `stack`, say each step, and write what it would change to `document`; return the exit code.

    The document is made of the engine's events, as that of the local stack is: what `pulumi preview --json` prints by
    itself has neither policies nor the reason where one refuses. Raises StackError where the file cannot be written.
    """
    command = ["pulumi", "preview", "--json", "--non-interactive", "--stack", stack]
    events, steps = PreviewEvents(), Recorder()
    with subprocess.Popen(
        command, cwd=project, env={**_environment(), **AS_EVENTS}, stdout=subprocess.PIPE, text=True
    ) as process:
        for event in filter(None, map(_event, process.stdout or ())):
            events(event)
            for line in steps(event):
                say(f"  {line}")
    code = process.returncode or int(not events.steps)
    try:
        preview_document.write(document, events.document(_reason(events, command) if code else None))
    except OSError as error:
        raise StackError(disk.refusal(error, document)) from None
    return code


def _event(line: str) -> EngineEvent | None:
    try:
        return EngineEvent.from_json(json.loads(line))
    except (ValueError, AttributeError):
        return None


def _reason(events: PreviewEvents, command: list[str]) -> str:
    """Why a preview ended badly, for where the engine told no error."""
    again = shlex.join(command[:2] + command[3:])
    if refusing := sorted({found["policy"] for found in events.policies if found.get("level") == "mandatory"}):
        return f"it violates {', '.join(refusing)}, which no stack may. What each says is under Policies, or: {again}"
    return (NO_REASON if events.steps else NOTHING).format(command=again)


def _environment() -> dict[str, str]:
    return {**user_agent.upstream(), **azure_task.variables(os.environ), **os.environ}


def _logged_in(environment: Mapping[str, str]) -> bool:
    pulumi = shutil.which("pulumi", path=environment.get("PATH"))
    if pulumi is None:
        return False
    command = [pulumi, "whoami", "--non-interactive"]
    return subprocess.run(command, env=dict(environment), capture_output=True, check=False).returncode == 0


def _lacks_tools(environment: Mapping[str, str]) -> list[str]:
    install = "install it: https://www.pulumi.com/docs/install"
    pulumi = shutil.which("pulumi", path=environment.get("PATH"))
    if pulumi is None:
        return [f"the Pulumi CLI {OLDEST} or newer: there is no `pulumi` on the PATH; {install}"]
    lacks = []
    if (found := _version(pulumi)) is None or found < OLDEST:
        lacks.append(f"the Pulumi CLI {OLDEST} or newer: {pulumi} is {found or 'of an unknown version'}; {install}")
    beside = Path(pulumi).resolve().parent / "pulumi-language-python"
    if not beside.exists() and not shutil.which("pulumi-language-python", path=environment.get("PATH")):
        lacks.append(f"Pulumi's Python language host: there is no pulumi-language-python beside {pulumi}; {install}")
    wanted = version("pulumi-databricks")
    if not is_installed(pulumi, environment, wanted):
        lacks.append(f"the Databricks plugin: pulumi plugin install resource databricks {wanted}")
    return lacks


def _version(pulumi: str) -> VersionInfo | None:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    done = subprocess.run([pulumi, "version"], env=environment, capture_output=True, text=True, check=False)
    try:
        return VersionInfo.parse(done.stdout.strip().removeprefix("v"))
    except ValueError:
        return None
