"""Starts the provider: `python -m engine.stand_in ENGINE_ADDRESS`, as the engine runs a plugin."""

from __future__ import annotations

import sys

from engine.stand_in.server import main

if __name__ == "__main__":
    main(sys.argv[1:])
