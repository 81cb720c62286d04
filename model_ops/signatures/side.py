"""One side of a signature: what goes in or what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model_ops.signatures.field_type import Field, Tensor


@dataclass(frozen=True, kw_only=True)
class Side:
    """Columns or tensors, never both; all have a name or none has."""

    fields: tuple[Field, ...]

    @property
    def named(self) -> bool:
        """True where the fields go by name; else they go by position."""
        return self.fields[0].name is not None

    @property
    def tensors(self) -> bool:
        """True where the fields are tensors; else they are columns."""
        return isinstance(self.fields[0].type, Tensor)

    @property
    def form(self) -> str:
        """What the fields are, in words, such as `named columns`."""
        return f"{'named' if self.named else 'unnamed'} {'tensors' if self.tensors else 'columns'}"

    @property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name; those without one by position, from `0`, which is what MLflow calls them."""
        return {str(at) if field.name is None else field.name: field for at, field in enumerate(self.fields)}

    def to_json(self) -> list[dict[str, Any]]:
        """The side as MLflow writes it."""
        return [_field(field) for field in self.fields]


def _field(field: Field) -> dict[str, Any]:
    named = {} if field.name is None else {"name": field.name}
    required = {} if isinstance(field.type, Tensor) else {"required": field.required}
    return field.type.to_json() | named | required
