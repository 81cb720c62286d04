"""Azure regions in which a stack cannot be: those of other clouds than the public one.

Which regions of the public cloud lack model serving or serverless workspaces changes from month to month, and is not
held here: a list that has aged would refuse a region that has both. docs/platform.md says where Databricks lists them.
"""

from __future__ import annotations

ELSEWHERE = {
    "usgov": "Azure Government, where Databricks has neither Unity Catalog nor model serving",
    "usdod": "Azure Government, where Databricks has neither Unity Catalog nor model serving",
    "china": "Azure operated by 21Vianet, which has other addresses, and no serverless workspaces",
}
"""What the names of regions begin with that have none of what a stack is made of, and why."""


def unfit(location: str) -> str:
    """Why no stack can be in a region; empty where nothing is known against it."""
    return next((why for start, why in ELSEWHERE.items() if location.startswith(start)), "")
