"""What is deployed of a stack whose file is gone: the engine knows it all the same."""

from __future__ import annotations

import shutil
from pathlib import Path

from model_ops.errors import StackError
from model_ops.stack import Address, target
from model_ops.target import Target


def deployed_still(stack: str, project: Path) -> tuple[Target | None, str | None]:
    """Ask the engine what a stack without a file has; None where that is nothing, and why where it cannot be asked."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        return None, "there is no `pulumi` on the PATH to ask with"
    try:
        return target(Address(stack, pulumi, project)), None
    except StackError as error:
        gone = "no stack named" in str(error) or "has no output" in str(error)
        return None, None if gone else error.headline
