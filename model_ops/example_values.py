"""Values that a stack file comes with, marked FILL IN: they look like the real ones, and are nobody's."""

from __future__ import annotations

import re

EXAMPLE = re.compile(r"([12])\1{7}-\1{4}-\1{4}-\1{4}-\1{12}|https://adb-([12])\2{15}\.\2\.azuredatabricks\.net")
