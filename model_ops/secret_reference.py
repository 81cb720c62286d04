"""A reference to a secret, as an environment variable of a served entity holds it: `{{secrets/<scope>/<key>}}`.

This module is pure and imports the standard library alone: the program, the checks and the sandbox read references by
the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MARK = "{{secrets/"
"""How a reference begins; a value that holds it and is no reference was meant to be one."""
NAME = r"[A-Za-z0-9_@.-]{1,128}"
"""A scope's name, and a key's."""
_REFERENCE = re.compile(rf"\{{\{{secrets/({NAME})/({NAME})\}}\}}")


@dataclass(frozen=True, order=True)
class SecretReference:
    """One secret, by its scope and its key in it."""

    scope: str
    key: str

    def __str__(self) -> str:
        return f"{MARK}{self.scope}/{self.key}}}}}"


def parse(value: str) -> SecretReference | None:
    """Read a variable's value; None where it is plain text. Raises ValueError where it only begins like a reference."""
    found = _REFERENCE.fullmatch(value)
    if found is not None:
        return SecretReference(found[1], found[2])
    if MARK in value:
        raise ValueError("it holds a reference to a secret beside other text, or a misspelt one")
    return None


def in_environment(environment: Mapping[str, str]) -> dict[str, SecretReference]:
    """Give the references by the names of their variables; what is no reference is left out."""
    found = {}
    for name, value in environment.items():
        if reference := _parsed(value):
            found[name] = reference
    return found


def in_entities(entities: Iterable[Mapping[str, Any]]) -> list[SecretReference]:
    """Give the references of served entities, as the REST API shows these, once each."""
    variables = [entity.get("environment_vars") or {} for entity in entities]
    return sorted({reference for each in variables for reference in in_environment(each).values()})


def _parsed(value: str) -> SecretReference | None:
    try:
        return parse(value)
    except ValueError:
        return None
