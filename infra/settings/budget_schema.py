"""The schema of `platform.create.budget`: what the platform may cost a month, and who is told."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from infra.settings.frozen import Frozen
from infra.settings.platform_rules import Month
from infra.settings.value_rules import Email


class Budget(Frozen):
    """What the platform may cost a month. It stops nothing: it tells."""

    amount: Annotated[int, Field(ge=1, le=10_000_000)] = Field(
        description="a whole number from 1, in the currency of the subscription's bill", examples=[800]
    )
    """The sum of a month. People are told at 80 % of it, at all of it, and where it is going to be passed."""
    since: Month = Field(description="a month, as a text: 2026-12", examples=["2026-12"])
    """The month from which it counts: the one in which it is made, or a later one."""
    notify: Annotated[tuple[Email, ...], Field(min_length=1, max_length=50)] = Field(
        description="a list of one to fifty mail addresses: [ml@example.com]",
        examples=["[ml@example.com]", "ml@example.com"],
    )
    """Whom Azure writes to."""
