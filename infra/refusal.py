"""How the program ends when it refuses a stack."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pulumi

SAID = 32
"""The exit code by which Pulumi's Python language host knows that the program has said why it ends."""


@contextmanager
def said_once() -> Iterator[None]:
    """Say why a stack is refused, and end; raises SystemExit.

    After a RunError the language host adds that an unhandled error occurred, and an exit code.
    """
    try:
        yield
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        raise SystemExit(SAID) from error
