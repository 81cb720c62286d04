"""What a review withholds: whatever looks like a credential, in whatever somebody wrote it.

People log a key as a parameter of a run, and put a token into a requirement's address or a model's description. A
review would show that to all who may read a pull request.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from model_ops import credential
from model_ops.review.facts import Difference, Evidence

Said = TypeVar("Said")
MARK = "…"


def withheld(said: Said) -> Said:
    """Give plain data without what its issuer makes look like a credential, and parameters without their secrets."""
    if isinstance(said, Evidence):
        said = replace(said, parameters=tuple(map(_parameter, said.parameters)))
    if isinstance(said, str):
        return credential.KNOWN.sub(MARK, said)  # type: ignore[return-value]  # mypy does not see that Said is str here
    if isinstance(said, tuple):
        return tuple(map(withheld, said))  # type: ignore[return-value]
    if is_dataclass(said) and not isinstance(said, type):
        return replace(said, **{each.name: withheld(getattr(said, each.name)) for each in fields(said)})
    return said


def _parameter(found: Difference) -> Difference:
    """A parameter of a run, which also its name may tell to be a secret."""
    sides = (found.before, found.after)
    before, after = (MARK if value and credential.kind(found.name, value) else value for value in sides)
    return replace(found, before=before, after=after)
