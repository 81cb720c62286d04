"""databricks-sdk's client without its services, which nobody here needs: their import takes most of a command's time.

The package imports every service of Databricks. Here that waits until somebody asks the package for what it holds
itself, such as `from databricks.sdk import WorkspaceClient`: its modules can be imported without it.
"""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any

PACKAGE = "databricks.sdk"


class _Waiting(ModuleType):
    """A package that has not run its own code yet: it does when it is asked for a name that is no module of it."""

    _lock = RLock()
    _running = False

    def __getattr__(self, name: str) -> Any:
        """Import the module of that name, or run the package's code, which brings the name."""
        if not name.startswith("__"):
            if find_spec(f"{PACKAGE}.{name}") is not None:
                return importlib.import_module(f"{PACKAGE}.{name}")
            with self._lock:
                if not self._running:
                    self._run()
                    return getattr(self, name)
        raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}")

    def _run(self) -> None:
        if type(self) is _Waiting and self.__spec__ and self.__spec__.loader:
            self._running = True
            try:
                self.__spec__.loader.exec_module(self)
            finally:
                self._running = False
            self.__class__ = ModuleType  # type: ignore[assignment]  # what it was made for is over


def _wait() -> None:
    spec = None if PACKAGE in sys.modules else find_spec(PACKAGE)
    if spec is None:
        return
    package = module_from_spec(spec)
    package.__class__ = _Waiting
    sys.modules[PACKAGE] = package
    vars(importlib.import_module("databricks"))["sdk"] = package


_wait()

from databricks.sdk import useragent  # noqa: E402 - the package waits first
from databricks.sdk.core import ApiClient, Config  # noqa: E402 - the package waits first
from databricks.sdk.errors import NotFound, PermissionDenied, Unauthenticated  # noqa: E402 - the package waits first
from databricks.sdk.errors.base import DatabricksError  # noqa: E402 - the package waits first

__all__ = [
    "ApiClient",
    "Config",
    "DatabricksError",
    "NotFound",
    "PermissionDenied",
    "Unauthenticated",
    "useragent",
]
