"""Runs the real router with the API process's stand-in: `router_process.py HOME BIND`."""

from __future__ import annotations

import sys
from pathlib import Path

from sandbox.home import Home
from sandbox.serving.__main__ import run

sys.exit(run(Home(Path(sys.argv[1])), "127.0.0.1", (str(Path(__file__).with_name("fake_api.py")),)))
