"""Who the local stack's access lists name."""

from __future__ import annotations

from pathlib import Path

from infra import settings
from sandbox.engine.project import STACK, stack_file


def groups(directory: Path) -> set[str]:
    """Every principal in the access lists of the local stack's file; raises settings.SettingsError."""
    models = settings.load(stack_file(directory), STACK).models.values()
    return {
        name
        for model in models
        for names in (model.access.query, model.access.manage, model.access.execute)
        for name in names
    }
