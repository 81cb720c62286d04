"""Loads databricks-sdk without its service classes, for processes that need its client alone.

Importing the package imports every service of Databricks: more than two seconds of work, several times a run of the
engine. The client (address, credentials, retries, errors) is a tenth of that.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

PACKAGE = "databricks.sdk"


def leave_out_services() -> None:
    """Stand an empty package in for the SDK's own, so that only the modules asked for are imported.

    Only for a process that needs nothing else of it: `from databricks.sdk import WorkspaceClient` fails afterwards.
    """
    if PACKAGE in sys.modules:
        return
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.submodule_search_locations is None:
        return
    package = ModuleType(PACKAGE)
    package.__path__ = list(found.submodule_search_locations)
    sys.modules[PACKAGE] = package
