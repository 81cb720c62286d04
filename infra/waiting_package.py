"""A package of resources that imports those which are asked for: all of a provider's take seconds of every run."""

from __future__ import annotations

import importlib
import re
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any

SHARED = ("_inputs", "_enums")
"""The modules in which a generated SDK keeps what its resources are made of."""


class WaitingPackage(ModuleType):
    """A package that has not run its own code yet: it does when it is asked for what none of the likely modules has.

    A generated SDK has a module for each resource, named for it, and its own code imports all of them.
    """

    _lock = RLock()
    _running = False

    def __getattr__(self, name: str) -> Any:
        """Find a name in its own module, or run the package's code, which brings it."""
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if _has(self, name):
            module = importlib.import_module(f"{self.__name__}.{name}")
            return vars(self).get(name, module)  # one that is still being imported is not bound yet
        for likely in filter(lambda module: _has(self, module), (module_of(name), *SHARED)):
            found = importlib.import_module(f"{self.__name__}.{likely}")
            if hasattr(found, name):
                setattr(self, name, getattr(found, name))
                return getattr(found, name)
        _finish(self)
        return ModuleType.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Give a function that is named as its module is, as the package's code would: an import binds the module."""
        super().__setattr__(name, vars(value).get(name, value) if isinstance(value, ModuleType) else value)


def wait(package: str) -> None:
    """Let `package` wait, whoever imports it next; nothing happens where it was imported or is not installed."""
    put(package, WaitingPackage)


def put(name: str, kind: type[ModuleType]) -> None:
    """Have a module that is of this kind, and has not run, be what is imported by a name; as `wait` does otherwise."""
    spec = None if name in sys.modules else _spec(name)
    if spec is not None:
        waiting = module_from_spec(spec)
        waiting.__class__ = kind
        sys.modules[name] = waiting


def _spec(name: str) -> ModuleSpec | None:
    """Say where a module is; None where it is not installed, or nothing of its package is."""
    try:
        return find_spec(name)
    except ModuleNotFoundError:
        return None


def module_of(resource: str) -> str:
    """Name the module of a resource as generated SDKs do: `PublicIPAddress` is in `public_ip_address`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", resource).lower()


def _has(package: ModuleType, module: str) -> bool:
    return find_spec(f"{package.__name__}.{module}") is not None


def _finish(package: WaitingPackage) -> None:
    """Run the package's code, once, whichever threads ask for it."""
    with WaitingPackage._lock:
        if (
            type(package) is not WaitingPackage
            or package._running
            or not (package.__spec__ and package.__spec__.loader)
        ):
            return
        package._running = True
        try:
            package.__spec__.loader.exec_module(package)
        finally:
            package._running = False
        package.__class__ = ModuleType  # type: ignore[assignment]  # what it was made for is over
