"""What the engine takes for a stack's name."""

from __future__ import annotations

import re

STACK_NAME = re.compile(r"(?!\.+$)[A-Za-z0-9_.-]{1,100}")
"""No name of dots alone, which would be another directory."""
