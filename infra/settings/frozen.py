"""What every setting is: a frozen model in camelCase that takes neither unknown keys nor other kinds of values."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Frozen(BaseModel):
    """A part of a stack file."""

    model_config = ConfigDict(
        alias_generator=to_camel, arbitrary_types_allowed=True, extra="forbid", frozen=True, strict=True
    )
