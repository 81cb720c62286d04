"""`python -m model_ops.cli`: the same as `model-ops`."""

from __future__ import annotations

from model_ops.cli import main

main(prog_name="model-ops")
