"""What the stand-in refuses or cannot do, in words for the person at the keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from engine.stand_in.attributes import Values


class ProviderError(Exception):
    """Ends one operation; its text is the whole message that the engine shows."""


class NotFoundError(ProviderError):
    """The workspace does not have what was asked for."""


class UpdateFailedError(ProviderError):
    """A config update of a serving endpoint that ended without success; why, the workspace tells who asks it."""


class UnhealthyError(ProviderError):
    """The resource is there but not as it should be: the engine keeps its state and plans an update next time."""

    def __init__(self, resource_id: str, state: Values, inputs: Values, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.resource_id = resource_id
        self.state = state
        self.inputs = inputs
        self.reasons = reasons


@dataclass(frozen=True)
class Refusal:
    """One input that cannot be, and why."""

    path: str
    reason: str
