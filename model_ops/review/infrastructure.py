"""What a preview's document says of the cloud, in words: which resources, what of them, and why it was refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model_ops import credential
from model_ops.commands import Commands
from model_ops.errors import StackError
from model_ops.review.engine_words import HALVES, QUIET, SAME, SCAFFOLDING, known, message, operation
from model_ops.review.kinds import in_words
from model_ops.review.property_change import PropertyChange, changes
from model_ops.review.review import Infrastructure, InfrastructureChange, PathChange, PolicyFinding
from model_ops.urn import Urn

WORDS = {
    "update": ("updated", "1 update", "updates"),
    "create": ("created", "1 create", "creates"),
    "delete": ("deleted", "1 delete", "deletes"),
    "replace": ("replaced", "1 replacement", "replacements"),
    "import": ("taken over", "1 import", "imports"),
    "forget": ("let go of", "1 let go", "let go"),
}
"""In the order of a summary: what becomes of one, and how one and several are counted."""
ORDER = ("replace", "delete", "forget", "update", "create", "import")
"""In which a reader wants them: what cannot be undone first."""
ECHOES = {"servedEntityName": "servedModelName"}
"""What the provider only repeats under another name, and the property beside it that the program sets."""


def read_preview(file: Path) -> tuple[str | None, Infrastructure]:
    """Read a preview's document: the stack that it is of, None where it does not say, and what it would change.

    Raises StackError where the file holds no such document.
    """
    try:
        document = json.loads(file.read_text())
        return stack_of(document), infrastructure(document)
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise StackError(
            f"{file} holds no preview ({type(error).__name__}: {error}).\n"
            f"Write one: {Commands(stack='NAME').engine('preview')} JSON={file}"
        ) from None


def stack_of(document: Mapping[str, Any]) -> str | None:
    """The stack that a document is of, by the names of its resources."""
    urns = (each.get("urn") or "" for each in (*document.get("steps", ()), *document.get("diagnostics", ())))
    return next((Urn(urn).stack for urn in urns if urn.startswith("urn:pulumi:")), None)


def infrastructure(document: Mapping[str, Any]) -> Infrastructure:
    """Say what a document would change; components are left out, and values that the provider only echoes."""
    every = document.get("steps") or ()
    steps = [step for step in every if not _type(step).startswith(SCAFFOLDING)]
    named = [(operation(step["op"], retained=_retained(step)), step) for step in steps]
    found = [_change(name, step) for name, step in named if name not in HALVES | QUIET]
    return Infrastructure(
        changes=tuple(sorted(found, key=lambda each: (_rank(each.operation), each.kind, each.name))),
        same=sum(name == SAME for name, _ in named) if _tells_same(document, every) else None,
        policies=tuple(map(_policy, document["policies"])) if "policies" in document else None,
        errors=_errors(document.get("diagnostics") or ()),
    )


def counted(found: Infrastructure) -> str:
    """Count what changes, as in `1 update, nothing replaced or deleted`."""
    counts = Counter(each.operation for each in found.changes)
    said = [
        one if counts[name] == 1 else f"{counts[name]} {many}" for name, (_, one, many) in WORDS.items() if counts[name]
    ]
    said += [f"{count} {name}" for name, count in counts.items() if name not in WORDS]
    if not found.destructive:
        said.append("nothing replaced or deleted")
    return ", ".join(said if found.changes else ["nothing changes"])


def _tells_same(document: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each resource that stays has its step; the summary counts them all, components too."""
    counted = (document.get("changeSummary") or {}).get(SAME, 0)
    return bool(sum(step["op"] == SAME for step in steps) >= counted)


def _change(name: str, step: Mapping[str, Any]) -> InfrastructureChange:
    old, new = (_inputs(step.get(side)) for side in ("oldState", "newState"))
    paths = changes(old, new, step.get("detailedDiff") or {})
    return InfrastructureChange(
        operation=name,
        kind=in_words(_type(step)),
        type=_type(step),
        name=Urn(step["urn"]).name,
        paths=tuple(
            PathChange(path=each.path, before=_shown(each.old), after=_shown(each.new))
            for each in paths
            if not _is_echo(each, paths)
        ),
    )


def _shown(value: str) -> str:
    """A value without what looks like a credential; a run's id, as random as one, is a tag that a reader wants."""
    return credential.KNOWN.sub("…", value)


def _is_echo(change: PropertyChange, beside: Sequence[PropertyChange]) -> bool:
    """Whether a property repeats the one beside it that the program sets: of both only the first stays."""
    parent, _, name = change.path.rpartition(".")
    if name not in ECHOES:
        return False
    return any(each.path == f"{parent}.{ECHOES[name]}" for each in beside)


def _errors(diagnostics: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    found: list[str] = []
    for said in diagnostics:
        text = re.sub(r"^(error|warning): ", "", message(said.get("message") or ""))
        if said.get("severity") == "error" and text and message(text) and not known(text, found):
            found.append(credential.hidden(text))
    return tuple(found)


def _policy(found: Mapping[str, Any]) -> PolicyFinding:
    return PolicyFinding(
        policy=str(found.get("policy") or ""),
        level=str(found.get("level") or ""),
        message=message(str(found.get("message") or "")),
        resource=str(found.get("resource") or (Urn(found["urn"]).name if found.get("urn") else "")),
    )


def _inputs(state: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return (state or {}).get("inputs") or {}


def _retained(step: Mapping[str, Any]) -> bool:
    return bool((step.get("oldState") or {}).get("retainOnDelete"))


def _type(step: Mapping[str, Any]) -> str:
    return Urn(step["urn"]).type


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)
