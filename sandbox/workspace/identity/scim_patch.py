"""SCIM's PATCH operations and filters (RFC 7644), as far as the workspace's clients use them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import field_validator

from sandbox.workspace.api.bodies import Body
from sandbox.workspace.api.errors import invalid
from sandbox.workspace.stores.documents import Document

_FILTER = re.compile(r"""\s*(\w+)\s+(eq|ne|co|sw)\s+(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*""", re.IGNORECASE)
_MEMBER = re.compile(r"""members\[\s*value\s+eq\s+["']([^"']*)["']\s*\]""")
_PLAIN = frozenset({"displayName", "active", "externalId", "applicationId", "entitlements", "roles"})
_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "eq": str.__eq__,
    "ne": str.__ne__,
    "co": str.__contains__,
    "sw": str.startswith,
}


class Operation(Body):
    """One change of a PATCH."""

    op: Literal["add", "remove", "replace"]
    path: str | None = None
    value: Any = None

    @field_validator("op", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value


class Patch(Body):
    """What PATCH takes."""

    schemas: list[str] | None = None
    Operations: list[Operation]


def matcher(text: str | None) -> Callable[[Document], bool]:
    """Turn a filter such as `displayName eq "x"` into a test; raises ApiError for one beyond that form."""
    if not text:
        return lambda _document: True
    found = _FILTER.fullmatch(text)
    if found is None:
        raise invalid(f'filter: the sandbox understands one comparison, as in displayName eq "x"; found {text!r}.')
    attribute, comparison = found[1].casefold(), _TESTS[found[2].lower()]
    wanted = re.sub(r"\\(.)", r"\1", found[3] if found[3] is not None else found[4]).casefold()

    def test(document: Document) -> bool:
        held = {key.casefold(): value for key, value in document.items()}.get(attribute)
        return comparison("" if held is None else str(held).casefold(), wanted)

    return test


def patch(document: Document, operations: list[Operation]) -> Document:
    """Give the document with the operations done to it; members are ids."""
    changed = dict(document)
    for operation in operations:
        for path, value in _targets(operation):
            _apply(changed, operation.op, path, value)
    return changed


def _targets(operation: Operation) -> list[tuple[str, Any]]:
    if operation.path is not None:
        return [(operation.path, operation.value)]
    if not isinstance(operation.value, dict):
        raise invalid("Operations.value: an operation without a path needs an object.")
    return list(operation.value.items())


def _apply(document: Document, op: str, path: str, value: Any) -> None:
    member = _MEMBER.fullmatch(path)
    if member and op == "remove":
        document["members"] = [held for held in document.get("members", []) if held != member[1]]
    elif path == "members":
        document["members"] = _members(document.get("members", []), op, value)
    elif path in _PLAIN and op == "remove":
        document.pop(path, None)
    elif path in _PLAIN:
        document[path] = value
    else:
        raise invalid(f"Operations.path: the sandbox cannot {op} {path!r}.")


def _members(held: list[str], op: str, value: Any) -> list[str]:
    named = [] if value is None else member_ids(value)
    if op == "replace":
        return named
    if op == "add":
        return list(dict.fromkeys([*held, *named]))
    return [member for member in held if value is not None and member not in named]


def member_ids(value: Any) -> list[str]:
    """Read `[{"value": "id"}, ...]`; raises ApiError for anything else."""
    members = value if isinstance(value, list) else [value]
    for member in members:
        if not isinstance(member, dict) or not isinstance(member.get("value"), str):
            raise invalid('members: each one is an object such as {"value": "<id>"}.')
    return list(dict.fromkeys(member["value"] for member in members))
