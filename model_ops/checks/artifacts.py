"""The check that the files are there that the MLmodel file names."""

from __future__ import annotations

from collections.abc import Sequence

from model_ops.checks.report import Check, failed, passed
from model_ops.versions.mlmodel import MlModel
from model_ops.versions.version import File

NAME = "artifacts"


def check_artifacts(mlmodel: MlModel, files: Sequence[File]) -> Check:
    """Look for every file and directory that the flavors and the environment name."""
    there = {file.path for file in files}
    lacks = [
        name
        for name in mlmodel.named_files
        if name not in there and not any(path.startswith(f"{name.rstrip('/')}/") for path in there)
    ]
    if lacks:
        named = ", ".join(lacks)
        return failed(
            NAME,
            f"its MLmodel file names {named}, which is not there",
            "register it again from its run, as a new version",
        )
    size = sum(file.size for file in files)
    return passed(NAME, f"{len(files)} files, {size} bytes; all that its MLmodel file names are there")
