"""The requirements that a model is served with, read as pip reads them: packages, files, addresses and options."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

NAME = "requirements.txt"
"""As MLflow names it in a model."""
Kind = Literal["package", "file", "address", "option", "unreadable"]
NESTED = ("requirements", "constraints")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
_EDITABLE = re.compile(r"(-e|--editable)[\s=]*")
_MOUNTED = ("/Volumes/", "/Workspace/", "/dbfs/")
"""Where a Databricks workspace keeps files: whether they are there, it alone can say."""


@dataclass(frozen=True, kw_only=True)
class RequirementLine:
    """One line of a requirements file, with those that continue it."""

    text: str
    """The line without its comment, its hashes and what signs in to an address."""
    kind: Kind
    """`file` is a path, `address` what lies at a URL or in a workspace, `unreadable` what pip refuses."""
    requirement: Requirement | None = None
    """Of a package."""
    path: str | None = None
    """Of a file: relative to the model, unless it is absolute."""
    options: Mapping[str, Any] | None = None
    """Of an option: what it sets by its name, such as `extra_index_urls`."""
    constraint: bool = False
    """True where it only limits the versions of what others bring."""

    @property
    def nested(self) -> Iterator[str]:
        """The paths of the files that it includes: `-r` and `-c`."""
        for key in NESTED:
            yield from (self.options or {}).get(key, ())


def pins_of(lines: Iterable[str]) -> dict[str, str]:
    """Give the versions by package, as `==3.17.2`; a line that is no requirement stands for itself."""
    found = {}
    for line in lines:
        requirement = parsed(line)
        if requirement is None:
            found[line] = line
        else:
            wanted = f"@ {requirement.url}" if requirement.url else str(requirement.specifier) or "any"
            found[canonicalize_name(requirement.name)] = wanted
    return found


def parsed(line: str) -> Requirement | None:
    """Read one line of a requirements file; None for an option, a path or anything else that names no package."""
    try:
        return Requirement(_head(line.partition(" #")[0]))
    except InvalidRequirement:
        return None


def read_requirements(texts: Mapping[str, str], path: str = NAME) -> tuple[RequirementLine, ...]:
    """Read the file at `path` of a model and the files that it includes, of which `texts` are those that are there."""
    return tuple(_read(texts, path, frozenset()))


def included(lines: Iterable[RequirementLine]) -> tuple[str, ...]:
    """The paths, relative to the model, of the files that these lines include."""
    return tuple(str(PurePosixPath(name)) for line in lines for name in line.nested)


def of_conda(text: str) -> str:
    """The requirements that a conda environment gives to pip, a line each: all there is of a model of MLflow 1."""
    try:
        content = yaml.safe_load(text)
        found = [each["pip"] for each in content["dependencies"] if isinstance(each, dict) and "pip" in each]
        return "\n".join(str(line) for lines in found for line in lines)
    except (yaml.YAMLError, RecursionError, ValueError, KeyError, TypeError, AttributeError):
        return ""


def _read(texts: Mapping[str, str], path: str, above: frozenset[str]) -> Iterator[RequirementLine]:
    for line in _lines(texts.get(path, "")):
        yield line
        for key in NESTED:
            for name in map(str, map(PurePosixPath, (line.options or {}).get(key, ()))):
                if name not in above | {path}:
                    inner = _read(texts, name, above | {path})
                    yield from (replace(each, constraint=each.constraint or key == "constraints") for each in inner)


def _lines(text: str) -> Iterator[RequirementLine]:
    """Read the lines of one file in their order."""
    from pip_requirements_parser import RequirementsFile  # pip's own reader, as a library

    with tempfile.TemporaryDirectory(prefix="model-ops-") as scratch:
        path = Path(scratch) / NAME
        path.write_text(text, encoding="utf-8", errors="replace")
        file = RequirementsFile.from_file(str(path))
    found = [*file.requirements, *file.options, *file.invalid_lines]
    for each in sorted(found, key=lambda one: one.requirement_line.line_number):
        line = each.requirement_line.line
        if hasattr(each, "options"):
            yield RequirementLine(text=_shown(line), kind="option", options=each.options)
        elif hasattr(each, "error_message"):
            yield _odd(line)
        else:
            yield _required(line, each.link, editable=each.is_editable)


def _required(line: str, link: Any, *, editable: bool) -> RequirementLine:
    head = _head(line)
    if link is None:
        return _package(head)
    address = head.rpartition(" @ ")[2] if " @ " in head else head
    if editable:
        address = _EDITABLE.sub("", line)
    return _located(_shown(line if editable else head), address.partition(";")[0].strip())


def _located(text: str, address: str) -> RequirementLine:
    if address.startswith("file:"):
        return RequirementLine(text=text, kind="file", path="/" + address.removeprefix("file:").lstrip("/"))
    if "://" in address or address.startswith(_MOUNTED):
        return RequirementLine(text=text, kind="address")
    return RequirementLine(text=text, kind="unreadable" if " @ " in text else "file", path=address.partition("[")[0])


def _odd(line: str) -> RequirementLine:
    """What the library refuses: perhaps for an option that pip has learnt since, or a variable that pip fills in."""
    found = _package(_head(line))
    if found.kind == "unreadable" and ("${" in line or line.startswith("-")):
        return replace(found, kind="address")
    return found


def _package(head: str) -> RequirementLine:
    requirement = parsed(head)
    kind: Kind = "unreadable" if requirement is None or requirement.url else "package"
    return RequirementLine(text=_shown(head), kind=kind, requirement=requirement)


def _head(line: str) -> str:
    """The requirement of a line, without the options behind it, as pip cuts them off: at the first word with a dash."""
    words = line.split(" ")
    options = [at for at, word in enumerate(words) if word.startswith("-")]
    return " ".join(words[: options[0]] if options else words).strip()


def _shown(text: str) -> str:
    return _CREDENTIALS.sub("***@", text)
