"""A repository in which a version is pinned, and all of it that must stay as it is."""

from __future__ import annotations

import pytest

from model_ops.git.repository import Repository
from tests.unit.model_ops.conftest import Scratch


@pytest.fixture
def repository(scratch: Scratch) -> Repository:
    scratch.pin(7)
    return Repository.open(scratch.root)


def state(scratch: Scratch) -> tuple[object, ...]:
    """All that a commit on a new branch must leave alone."""
    files = {path.name: path.read_bytes() for path in scratch.root.iterdir() if path.is_file()}
    index = (scratch.root / ".git" / "index").read_bytes()
    head = (scratch.root / ".git" / "HEAD").read_text(), scratch.git("rev-parse", "HEAD")
    return files, index, head, scratch.git("--no-optional-locks", "status", "--porcelain")
