"""A module of nested types, of which a generated SDK has thousands in one file: those run that are asked for.

Of Databricks' SDK two such modules take two seconds of every run, nearly all of it for resources that no stack has.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import RLock
from types import CodeType, FrameType, ModuleType
from typing import Any

from infra.waiting_package import put

TYPE = re.compile(r"^(?:@pulumi\.(?:input|output)_type\n)?class (\w+)\b.*\n(?:(?:[ \t].*)?\n)*", re.MULTILINE)
"""A type with its decorator, up to the next line that is not its own."""
QUOTED = re.compile(r"'(?:outputs\.)?(\w+)'")
"""How one type names another: as a text, for that may stand below it."""


class WaitingModule(ModuleType):
    """A module that has not run: it runs a type, with all that this names, when somebody asks for it.

    A resource's module that imports all of it gets the types which its own code names. Whoever else imports all of it
    has it run whole, and so has a file that is not written as generated types are.
    """

    _lock = RLock()
    _types: dict[str, str] | None = None
    """The text of each type, by its name; None until somebody asks."""

    def __getattr__(self, name: str) -> Any:
        """Give a type; raises AttributeError where there is none of that name."""
        with self._lock:
            if name == "__all__":
                return self._named_by(sys._getframe(1))
            if not name.startswith("__"):
                self._run([name])
                if name in vars(self):
                    return vars(self)[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def _named_by(self, importer: FrameType) -> list[str]:
        """The types that a resource's module names, each of them run; all, for whoever is none."""
        name = importer.f_globals.get("__name__", "")
        if name.rpartition(".")[0] != self.__name__.rpartition(".")[0]:
            _finish(self)
            return list(vars(self)["__all__"])
        named = set(_texts(importer.f_code)) & self._known().keys()
        self._run(sorted(named))
        return sorted(named)

    def _known(self) -> dict[str, str]:
        if self._types is None:
            text = Path(str(self.__file__)).read_text()
            types = list(TYPE.finditer(text))
            rest = TYPE.sub("", text)
            # What stands above the types is all that may be left of the file.
            regular = bool(types) and text.startswith(rest)
            self._types = {each[1]: each[0] for each in types} if regular else {}
            if regular:
                self._exec(rest, str(self.__file__))
                del vars(self)["__all__"]
            else:
                _finish(self)
        return self._types

    def _run(self, names: list[str]) -> None:
        """Run types, and those that they name, each once."""
        known = self._known()
        while names:
            name = names.pop()
            if name in known and name not in vars(self):
                text = known[name]
                self._exec(text, f"{self.__file__} ({name})")
                names += QUOTED.findall(text)

    def _exec(self, text: str, told: str) -> None:
        """Run a part of the module's own code, as its own: it has not this module's future imports."""
        exec(compile(text, told, "exec", dont_inherit=True), vars(self))  # noqa: S102 - what an import would run


def wait(package: str, module: str) -> None:
    """Let a module of a package wait; nothing happens where it was imported, or is not there."""
    put(f"{package}.{module}", WaitingModule)


def _texts(code: CodeType) -> Iterator[str]:
    """Every text that code and the functions in it hold: the annotations of a resource are texts."""
    for each in code.co_consts:
        if isinstance(each, str):
            yield each.rpartition(".")[2]
        elif isinstance(each, CodeType):
            yield from _texts(each)


def _finish(module: WaitingModule) -> None:
    """Run the module's code, all of it."""
    module.__class__ = ModuleType  # type: ignore[assignment]  # what it was made for is over
    if module.__spec__ and module.__spec__.loader:
        module.__spec__.loader.exec_module(module)
