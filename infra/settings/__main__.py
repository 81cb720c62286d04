"""Says whether the program takes a stack file, and what it means, to whoever has no engine.

`python -m infra.settings FILE STACK` exits 0 where the program takes it; else 1, with every mistake on standard output.
With `--in-force` behind it, each setting that is in force goes to standard output, as JSON.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

from infra.settings.in_force import in_force
from infra.settings.load import load
from infra.settings.mistake import SettingsError


def main(file: str, stack: str, asked: str = "") -> None:
    """Load the file as the program does."""
    try:
        if asked == "--in-force":
            sys.stdout.write(json.dumps([dataclasses.asdict(each) for each in in_force(Path(file), stack)]))
        else:
            load(Path(file), stack)
    except SettingsError as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
