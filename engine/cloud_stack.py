"""Runs a stack in Azure with the released Pulumi CLI and plugins, after a look at what that needs."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pulumi.automation import EngineEvent
from semver import VersionInfo

from engine import azure_task, policies, preview_document
from engine.preview_document import PreviewEvents
from engine.pulumi_cli import OLDEST
from engine.released_plugin import is_installed
from model_ops import disk, printable, user_agent
from model_ops.cli.output import say
from model_ops.did_you_mean import did_you_mean
from model_ops.errors import StackError
from model_ops.review import engine_words
from model_ops.stack import stack_names
from policy.finding import Finding, refusing

CREDENTIALS = (
    ("DATABRICKS_TOKEN",),
    ("DATABRICKS_CLIENT_ID",),
    ("DATABRICKS_CONFIG_PROFILE",),
    ("ARM_CLIENT_ID", "ARM_TENANT_ID"),
)
"""Sets of variables, each enough for a Databricks client to sign in with."""

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
    """Run `pulumi <operation>` on `stack` in the foreground; return its exit code.

    An `up` is begun only if the policies refuse nothing of its preview, which is made ahead of it, without a word.
    """
    command = ["pulumi", operation, "--stack", stack]
    if operation == "preview":
        done, findings = _previewed(command, stack, project)
        return done.returncode or int(bool(refusing(findings)))
    if operation == "up":
        say("holding what it would change against the policies (docs/policy.md) …")
        ahead = ["pulumi", "preview", "--non-interactive", "--stack", stack]
        done, findings = _previewed(ahead, stack, project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            say(printable.text(done.stdout))
            return done.returncode
        if refusing(findings):
            say("the policies refuse it, see above: nothing was changed")
            return 1
    return subprocess.run(command, cwd=project, env=_environment(), check=False).returncode


def preview(stack: str, project: Path, document: Path) -> int:
    """Preview `stack`, and write what the CLI prints, and what the policies found, to `document`; return the exit code.

    Of a refused preview the CLI prints the same, with its errors; where it prints none, what it said on the way is the
    error. Raises StackError where the file cannot be written.
    """
    command = ["pulumi", "preview", "--json", "--non-interactive", "--stack", stack]
    done, findings = _previewed(command, stack, project, stdout=subprocess.PIPE)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = {"diagnostics": [{"message": NOTHING.format(command=shlex.join(command)), "severity": "error"}]}
    try:
        preview_document.write(document, policies.with_findings(found, findings))
    except OSError as error:
        raise StackError(disk.refusal(error, document)) from None
    for each in found.get("diagnostics") or ():
        if each.get("severity") == "error" and (words := engine_words.message(each.get("message") or "")):
            say(f"error: {words}")
    return done.returncode or int(not done.stdout.strip() or bool(refusing(findings)))


def _previewed(
    command: Sequence[str], stack: str, project: Path, stdout: int | None = None, stderr: int | None = None
) -> tuple[subprocess.CompletedProcess[str], Sequence[Finding]]:
    """Run a preview, and say and give what the policies found of it.

    They judge by the engine's own record of it, which has the resources that stay as they are too. Raises StackError
    where a preview that went through left none: what could not be judged is not to be trusted.
    """
    with TemporaryDirectory(prefix="rollpin-") as directory:
        log = Path(directory) / "events.jsonl"
        logged = {**_environment(), "PULUMI_DEBUG_COMMANDS": "true"}  # without it the CLI does not know the option
        told = [*command, "--event-log", str(log)]
        done = subprocess.run(told, cwd=project, env=logged, stdout=stdout, stderr=stderr, text=True, check=False)
        events = _events(log)
    if not done.returncode and not events.steps:
        raise StackError(
            f"The engine left no record of what it would change, so that the policies cannot judge it.\n"
            f"See what it says itself: {shlex.join(command)}"
        )
    findings = policies.judged(events.document(None), project, stack)
    policies.tell(findings, say)
    return done, findings


def _events(log: Path) -> PreviewEvents:
    """The events of the engine's record; none where there is no record."""
    events = PreviewEvents()
    for line in log.read_text().splitlines() if log.exists() else ():
        found: dict[str, Any] = json.loads(line)
        events(EngineEvent.from_json(found))
    return events


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
