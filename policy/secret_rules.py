"""What no input may hold in plain text: a credential."""

from __future__ import annotations

import re

from model_ops import credential
from policy.circumstances import Circumstances
from policy.resource import Findings, Resource, Untold, Value
from policy.rule import on

VARIABLES = "environmentVars"


@on()
def no_secret_in_plain_text(resource: Resource, stack: Circumstances) -> Findings:
    """It would stand in the state, in every preview and in the endpoint's page: put it into a secret scope.

    Then write a reference, `"{{secrets/SCOPE/KEY}}"`. Whoever could read it has it: issue a new one.
    """
    for value in Value(resource.inputs).leaves:
        if value.raw == "[not shown]":
            yield Untold(value.path)
        elif isinstance(value.raw, str) and not value.is_untold and (kind := _kind(value)):
            yield f"{value.path} looks like {kind} (it is not shown)"


def _kind(value: Value) -> str | None:
    """What credential a text looks like; of variables alone the name and randomness count, for ids are random too."""
    if f"{VARIABLES}." in value.path:
        return credential.kind(value.path.rpartition(".")[2], value.text)
    return next((words for words, pattern in credential.KINDS if re.search(pattern, value.text)), None)
