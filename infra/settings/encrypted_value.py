"""Refuses what the engine has encrypted, where no setting takes it: a decrypted value would be seen in what is made."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from infra.settings.location import Location, dotted, pulumi_path
from infra.settings.mend import Command, Either, Remove
from infra.settings.mistake import Mistake
from infra.settings.place import Place
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
                mend=removal(location, place, stack),
            )


def removal(location: Location, place: Place, stack: str) -> Either:
    """Take a key below `config` out of the stack's file: by the engine, or by hand where that is not signed in."""
    path = "--path " if len(location) > 2 else ""
    command = f"pulumi config rm {path}{shlex.quote(pulumi_path(location))} --stack {shlex.quote(stack)}"
    return Either(first=Command(location=location, text=command), second=Remove(location=location, place=place))
