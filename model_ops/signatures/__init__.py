"""Model signatures: what MLflow's MLmodel file says of a model's inputs, outputs and parameters."""

from model_ops.signatures.parameter import Parameter
from model_ops.signatures.row import Row, SideName
from model_ops.signatures.side import Side
from model_ops.signatures.signature import Signature

__all__ = ["Parameter", "Row", "Side", "SideName", "Signature"]
