"""What the unit tests of signatures have of MLflow's scoring server too."""

from tests.unit.model_ops.signatures.conftest import serving

__all__ = ["serving"]
