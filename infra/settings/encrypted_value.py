"""Refuses what the engine has encrypted, where no setting takes it: a decrypted value would be seen in what is made."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from infra.settings.location import Location, dotted, pulumi_path
from infra.settings.mend import Command
from infra.settings.mistake import Mistake
from infra.settings.stack_file import StackFile


def mistakes(file: StackFile, stack: str) -> Iterator[Mistake]:
    """Find the secrets among the program's settings; a provider's are its own."""
    for location in file.secrets:
        if str(location[1]).startswith("rollpin:"):
            place = file.place(location)
            yield Mistake(
                line=place.line,
                key=dotted(location),
                found="a secret, set with `--secret` (its value is not shown)",
                allowed="plain text: no setting takes a secret; models read theirs from a secret scope",
                mend=Command(location=location, text=removal(location, stack)),
            )


def removal(location: Location, stack: str) -> str:
    """The command that takes a key below `config` out of the stack's file."""
    path = "--path " if len(location) > 2 else ""
    return f"pulumi config rm {path}{shlex.quote(pulumi_path(location))} --stack {shlex.quote(stack)}"
