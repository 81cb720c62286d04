"""The requirements that a model is served with: each package and the versions of it that will do."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name


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
        return Requirement(line.partition(" #")[0].strip())
    except InvalidRequirement:
        return None
