"""Says whether the program takes a stack file: `python -m infra.settings FILE STACK`, which needs no engine.

Exits 0 where it does; else 1, with every mistake on standard output.
"""

from __future__ import annotations

import sys
from pathlib import Path

from infra.settings.load import load
from infra.settings.mistake import SettingsError


def main(file: str, stack: str) -> None:
    """Load the file as the program does."""
    try:
        load(Path(file), stack)
    except SettingsError as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
