"""What a preview would change, as the document that `pulumi preview --json` prints.

Of variables never the values, and of no text what looks like a credential: a job keeps the file where many may read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi.automation import EngineEvent, StepEventMetadata
from pulumi.automation.events import StepEventStateMetadata

from model_ops import credential
from model_ops.review.engine_words import uncoloured
from model_ops.review.property_change import VARIABLES

HIDDEN = "[not shown]"
STATE = ("type", "urn", "id", "parent", "provider", "custom", "protect", "inputs", "outputs")
Document = dict[str, Any]


@dataclass
class PreviewEvents:
    """Collects the events of one preview; give it as `on_event`."""

    steps: list[Document] = field(default_factory=list)
    diagnostics: list[Document] = field(default_factory=list)
    policies: list[Document] = field(default_factory=list)
    summary: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0

    def __call__(self, event: EngineEvent) -> None:
        """Take an event in."""
        if event.resource_pre_event:
            self.steps.append(_step(event.resource_pre_event.metadata))
        elif (said := event.diagnostic_event) and not said.ephemeral and said.severity != "debug":
            message = uncoloured(f"{said.prefix or ''}{said.message}")
            self.diagnostics.append(_filled(urn=said.urn, message=message, severity=said.severity))
        elif found := event.policy_event:
            named = {
                "policy": found.policy_name,
                "level": found.enforcement_level,
                "message": uncoloured(found.message),
            }
            self.policies.append(_filled(**named, urn=found.resource_urn))
        elif ended := event.summary_event:
            self.summary = {_name(kind): count for kind, count in ended.resource_changes.items()}
            self.seconds = ended.duration_seconds

    def document(self, error: str | None) -> Document:
        """Give the document; `error` is why the preview was refused, told where no event told it."""
        said = list(self.diagnostics)
        if error and not any(each["severity"] == "error" for each in said):
            said.append({"message": error, "severity": "error"})
        nanoseconds = int(self.seconds * 1e9)
        return {
            **_filled(steps=self.steps, diagnostics=said, policies=self.policies),
            "duration": nanoseconds,
            "changeSummary": dict(self.summary),
        }


def write(file: Path, document: Document) -> None:
    """Write a document where only its owner reads it; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(without_variables(document), indent=4, ensure_ascii=False) + "\n")


def without_variables(value: Any) -> Any:
    """Give a document with the names of environment variables, and a word where their values were, or a credential."""
    if isinstance(value, str):
        return credential.KNOWN.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {
            key: dict.fromkeys(each, HIDDEN)
            if key == VARIABLES and isinstance(each, Mapping)
            else without_variables(each)
            for key, each in value.items()
        }
    return [without_variables(each) for each in value] if isinstance(value, list) else value


def _step(metadata: StepEventMetadata) -> Document:
    differs = metadata.detailed_diff
    return _filled(
        op=metadata.op.value,
        urn=metadata.urn,
        provider=metadata.provider,
        oldState=_state(metadata.old),
        newState=_state(metadata.new),
        diffReasons=metadata.diffs,
        replaceReasons=metadata.keys,
        detailedDiff=differs
        and {path: {"kind": _name(diff.diff_kind), "inputDiff": diff.input_diff} for path, diff in differs.items()},
    )


def _state(state: StepEventStateMetadata | None) -> Document | None:
    if state is None:
        return None
    return _filled(**{name: getattr(state, name) for name in STATE}, retainOnDelete=state.retain_on_delete)


def _name(kind: Any) -> str:
    return str(getattr(kind, "value", kind))


def _filled(**fields: Any) -> Document:
    """The fields that say something, as the engine writes them."""
    return {name: value for name, value in fields.items() if value}
