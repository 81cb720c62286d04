"""The types that a field of a signature can have, as MLflow 3.17 writes them (`mlflow/types/schema.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

ScalarName = Literal["boolean", "integer", "long", "float", "double", "string", "binary", "datetime"]
SCALARS = frozenset(get_args(ScalarName))


@dataclass(frozen=True, kw_only=True)
class Scalar:
    """A plain value."""

    name: ScalarName

    @property
    def words(self) -> str:
        """The type as a reader sees it, such as `string`."""
        return self.name

    def to_json(self) -> dict[str, Any]:
        """The type as MLflow writes it."""
        return {"type": self.name}


@dataclass(frozen=True, kw_only=True)
class AnyType:
    """Whatever JSON can say, null included; MLflow checks nothing of it."""

    words = "any"

    def to_json(self) -> dict[str, Any]:
        """The type as MLflow writes it."""
        return {"type": "any"}


@dataclass(frozen=True, kw_only=True)
class SparkVector:
    """A vector of Spark ML: a list of doubles, as MLflow checks it."""

    words = "sparkml_vector"
    items = Scalar(name="double")

    def to_json(self) -> dict[str, Any]:
        """The type as MLflow writes it."""
        return {"type": "sparkml_vector"}


@dataclass(frozen=True, kw_only=True)
class Array:
    """A list whose items have one type."""

    items: FieldType

    @property
    def words(self) -> str:
        """The type as a reader sees it, such as `array<object>`."""
        return f"array<{self.items.words}>"

    def to_json(self) -> dict[str, Any]:
        """The type as MLflow writes it."""
        return {"type": "array", "items": self.items.to_json()}


@dataclass(frozen=True, kw_only=True)
class Map:
    """An object with any keys, whose values have one type."""

    values: FieldType

    @property
    def words(self) -> str:
        """The type as a reader sees it, such as `map<string, long>`."""
        return f"map<string, {self.values.words}>"

    def to_json(self) -> dict[str, Any]:
        """The type as MLflow writes it."""
        return {"type": "map", "values": self.values.to_json()}


@dataclass(frozen=True, kw_only=True)
class Tensor:
    """A NumPy array of one data type; -1 in its shape stands for any length."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def words(self) -> str:
        """The type as a reader sees it, such as `tensor float32 [-1, 3]`."""
        return f"tensor {self.dtype} {list(self.shape)}"

    @property
    def anything(self) -> bool:
        """True where MLflow checks nothing: its way to describe ragged arrays."""
        return self.dtype == "object" and self.shape == (-1,)

    def to_json(self) -> dict[str, Any]:
        """The type as MLflow writes it."""
        return {"type": "tensor", "tensor-spec": {"dtype": self.dtype, "shape": list(self.shape)}}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column, a tensor or a property of an object; only columns and a lone tensor can be without a name.

    A name that is no text, such as pandas' column 0, is kept as its JSON text, which is how a request has it.
    """

    name: str | None
    type: FieldType
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class Object:
    """An object with named properties, in the order of their names, as MLflow keeps them."""

    properties: tuple[Field, ...]
    words = "object"

    def to_json(self) -> dict[str, Any]:
        """The type as MLflow writes it."""
        written = {str(p.name): p.type.to_json() | {"required": p.required} for p in self.properties}
        return {"type": "object", "properties": written}


FieldType: TypeAlias = Scalar | AnyType | SparkVector | Array | Map | Tensor | Object
