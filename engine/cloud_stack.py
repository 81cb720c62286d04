"""Runs a stack in Azure with the released Pulumi CLI and plugins, after a look at what that needs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from semver import VersionInfo

from engine import azure_task, cloud_preview, policies, preview_document
from engine.cloud_preview import CloudPreview
from engine.interruption import left_to_the_engine
from engine.pulumi_cli import OLDEST
from engine.released_plugin import is_installed
from infra.settings import judged_file
from model_ops import disk, user_agent
from model_ops.cli.output import echo, say
from model_ops.cli.waiting import WAITING
from model_ops.did_you_mean import did_you_mean
from model_ops.errors import StackError
from model_ops.forge.run import Run
from model_ops.stack import stack_names

CREDENTIALS = (
    ("DATABRICKS_TOKEN",),
    ("DATABRICKS_CLIENT_ID",),
    ("DATABRICKS_CONFIG_PROFILE",),
    ("ARM_CLIENT_ID", "ARM_TENANT_ID"),
)
"""Sets of variables, each enough for a Databricks client to sign in with."""

UNATTENDED = ("--yes", "--non-interactive")
"""Without them the CLI refuses an `up` that nobody can confirm: in CI that is done by whoever approves the job."""
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
    """Run `pulumi <operation>` on `stack` in the foreground; return its exit code.

    An `up` is begun only if the policies refuse nothing of its preview, which is made ahead of it. The program refuses
    it where the stack's file is another by then.
    """
    if operation == "preview":
        return _previewed(stack, project).exit_code
    environment = _environment()
    if operation == "up":
        environment |= judged_file.variables(project / f"Pulumi.{stack}.yaml")
        try:
            code = _refused(_held(stack, project, environment))
        except KeyboardInterrupt:
            say("interrupted: nothing was changed")
            return 1
        if code:
            say("nothing was changed; why is above")
            return code
    command = ["pulumi", operation, "--stack", stack]
    with left_to_the_engine(say):
        if Run(os.environ).is_unattended:
            confirmed = UNATTENDED if operation == "up" else ()
            return _unattended([*command, *confirmed, "--color", "never"], project, environment)
        return subprocess.run(command, cwd=project, env=environment, check=False).returncode


def state(stack: str, project: Path) -> Mapping[str, Any]:
    """What `stack` was deployed as, with its secrets encrypted; raises StackError where the state cannot be read."""
    command = ["pulumi", "stack", "export", "--stack", stack, "--non-interactive"]
    done = subprocess.run(
        command, cwd=project, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    try:
        exported = json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        exported = None
    if not isinstance(exported, dict):
        said = " ".join(done.stderr.split()) or "it says nothing"
        raise StackError(f"The state of stack {stack} cannot be read, so nothing was touched: {said}")
    return exported


def preview(stack: str, project: Path, document: Path) -> int:
    """Preview `stack`, say each step, and write what it would change to `document`; return the exit code.

    The document is made of the engine's events, as that of the local stack is, and has what the policies found. Raises
    StackError where the file cannot be written.
    """
    found = _previewed(stack, project)
    try:
        preview_document.write(document, found.document)
    except OSError as error:
        raise StackError(disk.refusal(error, document)) from None
    return found.exit_code


def _unattended(command: Sequence[str], project: Path, environment: Mapping[str, str]) -> int:
    """Run the CLI so that CI obeys no word of what it prints: people wrote some of it, into a stack or a model."""
    with subprocess.Popen(
        command,
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            echo(line, nl=False)
    return process.returncode


def _previewed(stack: str, project: Path) -> CloudPreview:
    with WAITING.watch(f"previewing stack {stack}"):
        found = cloud_preview.preview(stack, project, _environment(), lambda line: say(f"  {line}"))
    policies.tell(found.findings, say)
    return found


def _held(stack: str, project: Path, environment: Mapping[str, str]) -> CloudPreview:
    """Preview what the `up` will show once more, and tell of it only that it takes its time."""
    what = "holding what it would change against the policies (docs/policy.md)"
    WAITING.now(what)
    with WAITING.watch(what):
        return cloud_preview.preview(stack, project, environment, lambda _: None)


def _refused(found: CloudPreview) -> int:
    """Say why a preview that told no step was refused, and what the policies found; give its exit code."""
    for text in found.errors:
        say(f"error: {text}")
    policies.tell(found.findings, say)
    return found.exit_code


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
