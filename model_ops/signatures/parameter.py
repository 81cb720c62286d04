"""A parameter of a signature: what a client may set for one request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from model_ops.signatures.field_type import Object, Scalar


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter, which always has a default, so that no client has to send it."""

    name: str
    type: Scalar | Object
    default: Any
    """A JSON value; null where the model decides."""
    listed: bool = False
    """True for a list of values of the type: MLflow's shape (-1,), the only one that it knows."""

    @property
    def words(self) -> str:
        """The type as a reader sees it, such as `array<string>`."""
        return f"array<{self.type.words}>" if self.listed else self.type.words

    @property
    def default_text(self) -> str:
        """The default as a JSON text."""
        return json.dumps(self.default, ensure_ascii=False, sort_keys=True)

    def to_json(self) -> dict[str, Any]:
        """The parameter as MLflow writes it."""
        shape = [-1] if self.listed else None
        return {"name": self.name, "default": self.default, "shape": shape} | self.type.to_json()
