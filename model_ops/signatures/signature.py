"""A model's signature: what it takes, what it answers, and what a client may set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model_ops.signatures.field_type import Field
from model_ops.signatures.mlmodel import read_parameters, read_side
from model_ops.signatures.parameter import Parameter
from model_ops.signatures.row import Row, parameter_rows, side_rows
from model_ops.signatures.side import Side


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A signature as the MLmodel file has it; a side that it lacks is None (Unity Catalog wants inputs and outputs)."""

    inputs: Side | None = None
    outputs: Side | None = None
    params: tuple[Parameter, ...] | None = None

    @classmethod
    def from_mlmodel(cls, mapping: Mapping[str, Any] | None) -> Signature | None:
        """Read what stands below `signature:` in an MLmodel file; None where there is no side.

        Each side is a JSON text, as MLflow writes it, or the list that such a text holds, as `to_json` gives it.
        Raises SignatureError for what cannot be read.
        """
        written = mapping or {}
        inputs, outputs = read_side("inputs", written.get("inputs")), read_side("outputs", written.get("outputs"))
        params = read_parameters(written.get("params"))
        if inputs is None and outputs is None and params is None:
            return None
        return cls(inputs=inputs, outputs=outputs, params=params)

    @property
    def input_fields(self) -> tuple[Field, ...]:
        """The fields of the inputs; none where it has no inputs."""
        return self.inputs.fields if self.inputs else ()

    @property
    def output_fields(self) -> tuple[Field, ...]:
        """The fields of the outputs; none where it has no outputs."""
        return self.outputs.fields if self.outputs else ()

    def to_json(self) -> dict[str, Any]:
        """Each side as the list that MLflow writes, or None."""
        return {
            "inputs": self.inputs and self.inputs.to_json(),
            "outputs": self.outputs and self.outputs.to_json(),
            "params": self.params and [parameter.to_json() for parameter in self.params],
        }

    def rows(self) -> tuple[Row, ...]:
        """The table that shows it: inputs, outputs, then params, each field before what stands in it."""
        sides = (*side_rows("inputs", self.inputs), *side_rows("outputs", self.outputs))
        return sides + tuple(parameter_rows(self.params))
