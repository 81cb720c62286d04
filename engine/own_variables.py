"""The variables that a stack is run with: its own, and nobody's cloud's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

FOREIGN = ("DATABRICKS_", "ARM_", "AZURE_", "PULUMI_")
"""Prefixes of variables that would let a stack reach another workspace, subscription or state than it is meant to."""


@contextmanager
def only(environment: Mapping[str, str]) -> Iterator[None]:
    """Have this very process run with a stack's variables: program and hooks are in it, and ask by them."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith(FOREIGN)]:
        del os.environ[name]
    os.environ.update(environment)
    try:
        yield
    finally:
        # One by one: whatever else runs in this process never finds them all gone.
        for name in [name for name in os.environ if name not in before]:
            del os.environ[name]
        os.environ.update({name: value for name, value in before.items() if os.environ.get(name) != value})
