"""CODEOWNERS: who must approve a change of a stack, and of what deploys it."""

from __future__ import annotations

from model_ops.template.answers import Answers

PATH = ".github/CODEOWNERS"
DEPLOYING = (
    "/Pulumi.yaml",
    "/infra/",
    "/policy/",
    "/engine/",
    "/model_ops/",
    "/requirements*.txt",
    "/pyproject.toml",
    "/Makefile",
    "/.github/",
    "/.azuredevops/",
)
"""What a deployment runs on, the workflows and this file among it."""


def codeowners(answers: Answers) -> str:
    """Give the file; empty where nobody owns anything. The last line that fits a path decides."""
    if not answers.owners and not answers.stack_owners:
        return ""
    lines = ["# Who approves what: the last line that fits a path decides. A stack's file is a change of what serves."]
    if answers.owners:
        lines += [_line(path, answers.owners) for path in ("/Pulumi.*.yaml", *DEPLOYING)]
    lines += [_line(f"/Pulumi.{stack}.yaml", owners) for stack, owners in answers.stack_owners]
    return "\n".join([*lines, ""])


def _line(path: str, owners: tuple[str, ...]) -> str:
    return f"{path:<24} {' '.join(owners)}"
