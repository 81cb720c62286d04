"""Asks the program whether it takes each stack file of a plan, before any of it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from model_ops.errors import PinError, TemplateError
from model_ops.pinning.program import require_file_taken
from model_ops.template.plan import Change

STACK_FILE = re.compile(r"Pulumi\.([A-Za-z0-9_.-]+)\.yaml")


def require_taken(changes: Iterable[Change]) -> None:
    """Raise TemplateError, with the program's own words, where it would refuse a stack file as it was answered."""
    for change in changes:
        if change.after is not None and (found := STACK_FILE.fullmatch(change.path)):
            try:
                require_file_taken(Path(change.path), change.after, found[1], "with these answers")
            except PinError as error:
                raise TemplateError(str(error)) from None
