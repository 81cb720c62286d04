"""Previews a stack in the cloud by the released CLI, and holds what it would change against the policies."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi.automation import EngineEvent

from engine import policies
from engine.preview_document import PreviewEvents
from engine.steps import Recorder
from policy.finding import Finding, refusing

AS_EVENTS = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
"""Has `pulumi preview --json` print each event, a line each, instead of a digest at its end."""
NO_REASON = "the engine refused it, and told no reason. Its own words are in the job's log, or: {command}"
UNREAD = (
    "the engine told of a step that is not understood here, so that no policy could look at it: the CLI is newer than "
    "Pulumi's library in requirements.txt. Update it, or take the CLI that `make pulumi` brings. All it says: {command}"
)
NOTHING = "the engine ended before it knew anything of the stack. Its own words are in the job's log, or: {command}"


@dataclass(frozen=True)
class CloudPreview:
    """How one preview ended, as the engine's events tell it."""

    code: int
    """What the CLI ended with; 1 where it ended well and yet told nothing, or what nobody understands: neither is to
    be trusted."""
    events: PreviewEvents
    errors: Sequence[str]
    """Why it was refused, a text each; none where it went through."""
    findings: Sequence[Finding]
    """What the policies found of it."""

    @property
    def exit_code(self) -> int:
        """The CLI's; 1 where the policies refuse what it let pass."""
        return self.code or int(bool(refusing(self.findings)))

    @property
    def document(self) -> dict[str, Any]:
        """What it would change, as that of the local stack is told, with what the policies found."""
        return policies.with_findings(self.events.document("\n".join(self.errors) or None), self.findings)


def preview(stack: str, project: Path, environment: Mapping[str, str], tell: Callable[[str], None]) -> CloudPreview:
    """Preview `stack`, whose file is in `project`; `tell` hears each step and each error as it comes.

    What `pulumi preview --json` prints by itself has neither policies nor the reason where one refuses, so the engine's
    events are read. They have the resources that stay as they are too, which the policies judge as well.
    """
    command = ["pulumi", "preview", "--json", "--non-interactive", "--stack", stack]
    events, steps, unread = PreviewEvents(), Recorder(), False
    with subprocess.Popen(
        command, cwd=project, env={**environment, **AS_EVENTS}, stdout=subprocess.PIPE, text=True
    ) as process:
        for said in filter(None, map(_said, process.stdout or ())):
            try:
                event = EngineEvent.from_json(said)
            except (ValueError, AttributeError):
                unread = True
                continue
            events(event)
            for line in steps(event):
                tell(line)
    code = process.returncode or int(unread or not events.steps)
    errors = steps.errors or ([_reason(events, command, unread=unread)] if code else [])
    if code and not steps.errors:
        tell(f"error: {errors[0]}")
    findings = policies.judged(events.document("\n".join(errors) or None), project, stack)
    return CloudPreview(code, events, errors, findings)


def _said(line: str) -> dict[str, Any] | None:
    """What an event says; None of a line that is none."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _reason(events: PreviewEvents, command: list[str], *, unread: bool) -> str:
    """Why a preview ended badly, for where the engine told no error."""
    again = shlex.join(command[:2] + command[3:])
    if violated := sorted({found["policy"] for found in events.policies if found.get("level") == "mandatory"}):
        return f"it violates {', '.join(violated)}, which no stack may. What each says is under Policies, or: {again}"
    if unread:
        return UNREAD.format(command=again)
    return (NO_REASON if events.steps else NOTHING).format(command=again)
