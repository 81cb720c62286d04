"""Starts the provider: `python -m sandbox.provider ENGINE_ADDRESS`, as the engine runs a plugin."""

from __future__ import annotations

import sys

from sandbox.provider.server import main

if __name__ == "__main__":
    main(sys.argv[1:])
