"""Starts the provider: `python -m engine.stand_in ENGINE_ADDRESS`, as the engine runs a plugin."""

from __future__ import annotations

import sys

from model_ops.imports import uncollected

if __name__ == "__main__":
    with uncollected():
        from engine.stand_in.server import main
    main(sys.argv[1:])
