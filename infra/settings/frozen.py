"""What every settings model is: frozen, strict, closed to keys that it does not know, in Pulumi's camelCase."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

YES_NO = "`true` or `false`"


class Frozen(BaseModel):
    """The base of each settings model."""

    model_config = ConfigDict(
        alias_generator=to_camel, arbitrary_types_allowed=True, extra="forbid", frozen=True, strict=True
    )
