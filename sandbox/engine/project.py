"""A copy of the project's files, for the engine to rewrite as it likes: the work tree stays clean."""

from __future__ import annotations

import shutil
from pathlib import Path

STACK = "local"
ENGINE_OWN = ("encryptionsalt:", "secretsprovider:", "encryptedkey:")
"""What the engine adds to a stack file; kept when the file is copied anew, for the state is encrypted with it."""


def copy(source: Path, directory: Path) -> Path:
    """Copy Pulumi.yaml and the local stack's file from `source`; return `directory`, which then is a project."""
    (directory / "infra").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "Pulumi.yaml", directory / "Pulumi.yaml")
    target = stack_file(directory)
    kept = _engine_lines(target)
    text = stack_file(source).read_text()
    target.write_text(text if text.endswith("\n") else text + "\n")
    if kept:
        with target.open("a") as file:
            file.writelines(kept)
    return directory


def stack_file(directory: Path) -> Path:
    """The local stack's config file in a project directory."""
    return directory / f"Pulumi.{STACK}.yaml"


def _engine_lines(path: Path) -> list[str]:
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return [line for line in lines if line.startswith(ENGINE_OWN)]
