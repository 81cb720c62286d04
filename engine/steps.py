"""What the engine did or would do, read from its events: steps with their property changes, and errors once each."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.automation import EngineEvent, StepEventMetadata

from model_ops import printable

SIGNS = {"create": "+", "update": "~", "delete": "-", "forget": "-", "replace": "±", "refresh": "~", "import": "="}
SCAFFOLDING = ("pulumi:", "rollpin:")
"""Types that exist in the engine alone: the stack, providers and components."""
SAME = "same"
QUIET = frozenset({"same", "read", "refresh"})
"""Operations that are no news when they begin; what a refresh found is, when it ends."""
HALVES = frozenset({"create-replacement", "delete-replaced"})
"""What a replacement is made of: the step `replace` says it whole."""
NOISE = re.compile(r"^(using \S+ from|error: (update|preview|refresh|destroy) failed|(update|preview) failed$)")


@dataclass(frozen=True)
class PropertyChange:
    """One property of a step: its path and its value before and after, as JSON text (`-` for none)."""

    path: str
    old: str
    new: str

    def __str__(self) -> str:
        """Show the change as the reader of a diff wants it."""
        return f"{self.path}: {self.old} → {self.new}"


@dataclass(frozen=True)
class Step:
    """One operation on one resource."""

    operation: str
    urn: str
    changes: tuple[PropertyChange, ...] = ()

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return self.urn.rsplit("::", 1)[-1]

    @property
    def kind(self) -> str:
        """The resource's type, the last word of its token."""
        return self.urn.split("::")[-2].split("$")[-1].rsplit(":", 1)[-1]

    def lines(self) -> list[str]:
        """The step as text, a line for itself and one for each property."""
        head = f"{SIGNS.get(self.operation, '·')} {self.operation:8} {self.kind:18} {self.name}"
        return [printable.line(head), *(f"      {printable.line(str(change))}" for change in self.changes)]


@dataclass
class Recorder:
    """Collects the events of one run of the engine; give it as `on_event`."""

    steps: list[Step] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _begun_as: dict[str, str] = field(default_factory=dict)
    """The operation that each resource is in, by URN: a drift that `pulumi refresh` finds ends as an update."""
    _same: set[str] = field(default_factory=set)
    """The URNs of the resources that stay as they are; components and providers are none."""

    def __call__(self, event: EngineEvent) -> list[str]:
        """Take an event in; return the lines that a reader following along should see."""
        if event.resource_pre_event:
            return self._begun(event.resource_pre_event.metadata)
        if event.res_outputs_event and self._begun_as.get(event.res_outputs_event.metadata.urn) == "refresh":
            return self._refreshed(event.res_outputs_event.metadata)
        if event.diagnostic_event:
            return self._diagnostic(event.diagnostic_event.severity, event.diagnostic_event.message)
        return []

    @property
    def changes(self) -> dict[str, int]:
        """How many resources each operation touched, as listed, and how many are the same; no component is counted."""
        counted = Counter(step.operation for step in self.steps)
        if self._same:
            counted[SAME] = len(self._same)
        return {operation: counted[operation] for operation in sorted(counted, key=lambda each: (each == SAME, each))}

    def _begun(self, metadata: StepEventMetadata) -> list[str]:
        operation = self._begun_as[metadata.urn] = _operation(metadata)
        if _is_scaffolding(metadata) or operation in HALVES:
            return []
        if operation == SAME:
            self._same.add(metadata.urn)
        if operation in QUIET:
            return []
        self._same.discard(metadata.urn)
        return self._step(operation, metadata)

    def _refreshed(self, metadata: StepEventMetadata) -> list[str]:
        if _is_scaffolding(metadata):
            return []
        lines = self._step("refresh", metadata)
        if not lines:
            self._same.add(metadata.urn)
        return lines

    def _step(self, operation: str, metadata: StepEventMetadata) -> list[str]:
        step = Step(operation, metadata.urn, _changes(operation, metadata))
        if operation == "refresh" and not step.changes:
            return []
        self.steps.append(step)
        return step.lines()

    def _diagnostic(self, severity: str, message: str) -> list[str]:
        text = _plain(message)
        if severity not in {"error", "warning", "info"} or not text or NOISE.match(text) or text in self.errors:
            return []
        if severity == "error":
            if any(text in known or known in text for known in self.errors):
                return []
            self.errors.append(text)
        return (text if severity == "info" else f"{severity}: {text}").splitlines()


def _operation(metadata: StepEventMetadata) -> str:
    """What the engine does; to `forget` is to delete from its state what stays in the workspace."""
    retained = metadata.op.value == "delete" and metadata.old is not None and metadata.old.retain_on_delete
    return "forget" if retained else metadata.op.value


def _is_scaffolding(metadata: StepEventMetadata) -> bool:
    return metadata.type.startswith(SCAFFOLDING)


def _plain(message: str) -> str:
    """The message without colour marks, and without what the released provider wraps around its own."""
    text = re.sub(r"<\{%.*?%\}>", "", message).strip()
    if re.match(r"\d+ errors? occurred:", text):
        text = text.rpartition("* ")[2]
    return re.sub(r"^sdk-v2/\S+ sdk\.helper_schema: |: provider=\S+$", "", text).strip()


def _changes(operation: str, metadata: StepEventMetadata) -> tuple[PropertyChange, ...]:
    old = (metadata.old.inputs if metadata.old else None) or {}
    new = (metadata.new.inputs if metadata.new else None) or {}
    if operation == "refresh":
        old = (metadata.old.outputs if metadata.old else None) or {}
        new = (metadata.new.outputs if metadata.new else None) or {}
    found = (
        PropertyChange(path, _shown(path, _at(old, path)), _shown(path, _at(new, path)))
        for path in sorted(metadata.detailed_diff or {})
    )
    # The released provider also lists what it will only know afterwards: no value on either side.
    return tuple(change for change in found if change.old != change.new)


def _at(value: Any, path: str) -> Any:
    """Follow an engine property path such as `config.servedEntities[0].entityVersion` or `tags["a.b"]`."""
    for name, index, key in re.findall(r'\["([^"]+)"\]|\[(\d+)\]|([^.\[\]]+)', path):
        if isinstance(value, list) and index.isdigit() and int(index) < len(value):
            value = value[int(index)]
        elif isinstance(value, Mapping):
            value = value.get(name or key)
        else:
            return None
    return value


def _shown(path: str, value: Any) -> str:
    """Of environment variables the names alone: who knows what somebody has put into one."""
    if ".environmentVars" in path and value is not None:
        return ", ".join(sorted(value)) if isinstance(value, Mapping) else "(not shown)"
    return _text(_without_values(value))


def _without_values(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: sorted(each) if key == "environmentVars" and isinstance(each, Mapping) else _without_values(each)
            for key, each in value.items()
        }
    return [_without_values(each) for each in value] if isinstance(value, list) else value


def _text(value: Any) -> str:
    return "-" if value is None else json.dumps(value, ensure_ascii=False, default=str)
