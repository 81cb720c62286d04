"""Pulumi.yaml: the project's own name, and where its state is kept. Every other line stays as it is."""

from __future__ import annotations

import re

NAME = re.compile(r"^name:.*$", re.MULTILINE)
BACKEND = re.compile(r"^backend:\n(?:[ \t]+.*\n?)*", re.MULTILINE)


def renamed(text: str, name: str) -> str:
    """Give the file with another project name; the settings' namespace, `rollpin:`, is the program's and stays."""
    return NAME.sub(f"name: {name}", text, count=1)


def kept_in(text: str, address: str) -> str:
    """Give the file with the backend at `address`; empty takes it out, and then the environment says where it is.

    PULUMI_BACKEND_URL goes before what the file says: so the sandbox's stack keeps its state in `.sandbox`.
    """
    without = BACKEND.sub("", text)
    return f"{without.rstrip()}\nbackend:\n  url: {address}\n" if address else without
