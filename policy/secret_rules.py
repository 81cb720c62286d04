"""What no input may hold in plain text: a credential."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator

from model_ops import credential
from policy.circumstances import Circumstances
from policy.resource import Findings, Resource, Untold, Value
from policy.rule import on

VARIABLES = "environmentVars"
ENCODED = re.compile(r"[A-Za-z0-9+/_-]{24,}")
"""A text in base 64, which hides nothing; a shorter one has no room for a credential."""


@on()
def no_secret_in_plain_text(resource: Resource, stack: Circumstances) -> Findings:
    """It would stand in the state, in every preview and in the endpoint's page: put it into a secret scope.

    Then write a reference, `"{{secrets/SCOPE/KEY}}"`. Whoever could read it has it: issue a new one.
    """
    for value in Value(resource.inputs).leaves:
        if value.raw == "[not shown]":
            yield Untold(value.path)
        elif isinstance(value.raw, str) and not value.is_untold and (kind := _kind(value)):
            yield f"{credential.KNOWN.sub('…', value.path)} looks like {kind} (it is not shown)"


def _kind(value: Value) -> str | None:
    """What credential a text looks like; of variables alone the name and randomness count, for ids are random too."""
    texts = list(_readings(value.text))
    found = (words for words, pattern in credential.KINDS if any(re.search(pattern, text) for text in texts))
    named = credential.kind(value.path.rpartition(".")[2], value.text) if f"{VARIABLES}." in value.path else None
    return next(found, named)


def _readings(text: str) -> Iterator[str]:
    """A text, and what anybody can make of the parts of it that are in base 64."""
    yield text
    for word in ENCODED.findall(text):
        padded = word.replace("-", "+").replace("_", "/") + "=" * (-len(word) % 4)
        try:
            yield b64decode(padded).decode()
        except ValueError:
            continue
