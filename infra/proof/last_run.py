"""What a stack's last run left word of: what it owns, and what it has let go of for the next run to act on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from model_ops.target import LET_GO

READ = "pulumi:pulumi:readStackOutputs"
"""The engine's own function that a StackReference is made of; it leaves no resource in the state."""


@dataclass(frozen=True)
class LastRun:
    """The stack's outputs after its last whole run; empty before the first."""

    outputs: Mapping[str, Any]

    @property
    def owned(self) -> frozenset[str]:
        """What the stack owned, as `Thing.label` says it: it is not deleted where it is to be used only."""
        return frozenset(self.outputs.get("owned") or ())

    @property
    def used(self) -> frozenset[str]:
        """What the stack only used: privileges on it were single ones."""
        return frozenset(self.outputs.get("used") or ())

    def endpoints_of_those_who_left(self, models: Collection[str]) -> Mapping[str, str]:
        """The endpoints, by model, of those that are in the file no more and were not retired."""
        before = self.outputs.get("models") or {}
        return {
            name: str(said["endpoint_name"])
            for name, said in before.items()
            if name not in models and said.get("endpoint_url") and not said.get("retired")
        }

    def has_let_go(self, model: str) -> bool:
        """Whether it took the protection off the model's endpoint, so that this run may replace it."""
        said = (self.outputs.get("models") or {}).get(model) or {}
        return said.get("replacing") == LET_GO


def last_run() -> LastRun:
    """Ask the engine, which reads the stack's own state."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    answer = pulumi.runtime.invoke(READ, {"name": name}).value or {}
    return LastRun(answer.get("outputs") or {})
