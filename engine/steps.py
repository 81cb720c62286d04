"""What the engine did or would do, read from its events: steps with their property changes, and errors once each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pulumi.automation import EngineEvent, StepEventMetadata

from model_ops import printable
from model_ops.review.engine_words import HALVES, QUIET, SAME, SCAFFOLDING, known, message, operation
from model_ops.review.property_change import PropertyChange, changes
from model_ops.urn import Urn

SIGNS = {"create": "+", "update": "~", "delete": "-", "forget": "-", "replace": "±", "refresh": "~", "import": "="}


@dataclass(frozen=True)
class Step:
    """One operation on one resource."""

    operation: str
    urn: str
    changes: tuple[PropertyChange, ...] = ()

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return Urn(self.urn).name

    @property
    def kind(self) -> str:
        """The resource's type, the last word of its token."""
        return Urn(self.urn).type.rpartition(":")[2]

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
        begun = self._begun_as[metadata.urn] = _operation(metadata)
        if _is_scaffolding(metadata) or begun in HALVES:
            return []
        if begun == SAME:
            self._same.add(metadata.urn)
        if begun in QUIET:
            return []
        self._same.discard(metadata.urn)
        return self._step(begun, metadata)

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

    def _diagnostic(self, severity: str, said: str) -> list[str]:
        text = message(said)
        if severity not in {"error", "warning", "info"} or not text or text in self.errors:
            return []
        if severity == "error":
            if known(text, self.errors):
                return []
            self.errors.append(text)
        return (text if severity == "info" else f"{severity}: {text}").splitlines()


def _operation(metadata: StepEventMetadata) -> str:
    return operation(metadata.op.value, retained=bool(metadata.old and metadata.old.retain_on_delete))


def _is_scaffolding(metadata: StepEventMetadata) -> bool:
    return metadata.type.startswith(SCAFFOLDING)


def _changes(operation: str, metadata: StepEventMetadata) -> tuple[PropertyChange, ...]:
    old = (metadata.old.inputs if metadata.old else None) or {}
    new = (metadata.new.inputs if metadata.new else None) or {}
    if operation == "refresh":
        old = (metadata.old.outputs if metadata.old else None) or {}
        new = (metadata.new.outputs if metadata.new else None) or {}
    return changes(old, new, metadata.detailed_diff or {})
