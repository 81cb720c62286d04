"""What a preview's document says of a stack: what is wanted, and what is taken away.

The document is that of `pulumi preview --json`, or the one that the engine here writes in the same form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from model_ops.urn import Urn
from policy.resource import Removal, Resource

REMOVALS = {"delete": "delete", "replace": "replace", "delete-replaced": "replace", "create-replacement": "replace"}
"""The engine's operations that take a resource away. A replacement is made of several, of which the first counts."""
WANTED = frozenset({"create", "update", "same", "replace", "create-replacement", "import", "import-replacement"})
"""Those after which a resource is as the program wants it."""


def resources(document: Mapping[str, Any]) -> Sequence[Resource]:
    """What the program wants, each resource once, those that stay as they are too."""
    found = {}
    for step in _steps(document):
        if step["op"] in WANTED and step.get("newState"):
            found[step["urn"]] = _resource(step["urn"], step["newState"])
    return list(found.values())


def removals(document: Mapping[str, Any]) -> Sequence[Removal]:
    """What is taken away, each resource once; what the engine only lets go of stays, and is not among them."""
    found: dict[str, Removal] = {}
    for step in _steps(document):
        before = step.get("oldState") or {}
        operation = REMOVALS.get(step["op"])
        if operation and before and not (step["op"] == "delete" and before.get("retainOnDelete")):
            found.setdefault(step["urn"], Removal(operation=operation, resource=_resource(step["urn"], before)))
    return list(found.values())


def is_whole(document: Mapping[str, Any]) -> bool:
    """Whether the preview went through, so that the document has all of the stack."""
    return not any(each.get("severity") == "error" for each in document.get("diagnostics") or ())


def _steps(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for step in document.get("steps") or ():
        if not Urn(step["urn"]).type.startswith(("pulumi:", "rollpin:")):
            yield step


def _resource(urn: str, state: Mapping[str, Any]) -> Resource:
    return Resource(type=Urn(urn).type, name=Urn(urn).name, inputs=state.get("inputs") or {})
