"""Holds what a preview would change against the policy pack, ahead of every change, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.settings.mistake import SettingsError
from model_ops import printable
from policy import preview
from policy.finding import Finding, refusing
from policy.judgement import judge
from policy.stack import circumstances

Document = Mapping[str, Any]


def judged(document: Document, project: Path, stack: str) -> Sequence[Finding]:
    """Judge a preview's document by the rules; `project` holds the stacks' files, which people edit.

    Of a stack whose file has mistakes nothing is found: its preview is refused for them.
    """
    try:
        around = circumstances(project, stack)
    except SettingsError:
        return ()
    return judge(preview.resources(document), preview.removals(document), around, whole=preview.is_whole(document))


def with_findings(document: Document, findings: Sequence[Finding]) -> dict[str, Any]:
    """The document with what the rules found, where `model-ops review` reads it."""
    told = [
        {"policy": each.policy, "level": each.level, "resource": each.resource, "message": each.message}
        for each in findings
    ]
    return {**document, "policies": [*(document.get("policies") or ()), *told]}


def tell(findings: Sequence[Finding], report: Callable[[str], None]) -> None:
    """Say each finding on a line."""
    for each in findings:
        report(printable.line(str(each)))


def refusal(findings: Sequence[Finding]) -> str | None:
    """Why nothing may be changed, as one text; None where something may."""
    return "\n".join(map(str, refusing(findings))) or None
