"""The rules as a policy pack, which Pulumi's own host runs: `pulumi preview --policy-pack policy`."""

from __future__ import annotations

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
# The host puts this folder on the path, and not the project that the rules are a package of.
sys.path[0] = str(PROJECT)

from policy import pack  # noqa: E402 - only now can it be found

pack.serve(PROJECT)
