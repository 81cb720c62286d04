"""A copy of the project's files, for the engine to rewrite as it likes: the work tree stays clean."""

from __future__ import annotations

from pathlib import Path

from sandbox.home import write_private

STACK = "local"
ENGINE_OWN = ("encryptionsalt:", "secretsprovider:", "encryptedkey:")
"""What the engine adds to a stack file; kept when the file is copied anew, for the state is encrypted with it."""


def copy(source: Path, directory: Path, file: Path | None = None) -> Path:
    """Copy Pulumi.yaml and the local stack's file from `source`; return `directory`, which then is a project.

    With a `file` that one becomes the local stack's, instead of the one that people edit in `source`.
    """
    for each in (directory, directory / "infra"):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(directory / "Pulumi.yaml", (source / "Pulumi.yaml").read_text())
    text, kept = (file or stack_file(source)).read_text(), _engine_lines(stack_file(directory))
    write_private(stack_file(directory), text.rstrip("\n") + "\n" + kept)
    return directory


def stack_file(directory: Path) -> Path:
    """The local stack's config file in a project directory."""
    return directory / f"Pulumi.{STACK}.yaml"


def _engine_lines(path: Path) -> str:
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return "".join(line for line in lines if line.startswith(ENGINE_OWN))
