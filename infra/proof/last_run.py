"""What a stack's last run left word of: what it owns, used and gave, and what it let go of for the next to act on."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from infra.settings.mistake import told
from model_ops.target import LET_GO

READ = "pulumi:pulumi:readStackOutputs"
"""The engine's own function that a StackReference is made of; it leaves no resource in the state."""
ATTEMPTS, PAUSE = 5, 0.2
"""The engine saves the state while a program begins. Where that is files, it may read one that it has half written."""


@dataclass(frozen=True)
class LastRun:
    """The stack's outputs after its last whole run; empty before the first."""

    outputs: Mapping[str, Any]

    @property
    def workspace_url(self) -> str | None:
        """Where its workspace answered: one that it creates may be named by nothing else."""
        return self.outputs.get("workspace_url") or None

    @property
    def owned(self) -> frozenset[str]:
        """What the stack owned, as `Thing.owned_as` says it: it is not deleted where it is to be used only."""
        return frozenset(self.outputs.get("owned") or ())

    @property
    def used(self) -> frozenset[str]:
        """What the stack only used: privileges on it were single ones."""
        return frozenset(self.outputs.get("used") or ())

    @property
    def principals(self) -> frozenset[str]:
        """Everybody whom its file named: they were there."""
        return frozenset(self.outputs.get("principals") or ())

    @property
    def given(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Which privileges it gave on catalogs and schemas, by principal, by `Thing.label`."""
        given = self.outputs.get("given") or {}
        return {label: {who: tuple(each) for who, each in on.items()} for label, on in given.items()}

    def endpoints_of_those_who_left(self, models: Collection[str]) -> Mapping[str, str]:
        """The endpoints, by model, of those that are in the file no more and were not retired."""
        before = self.outputs.get("models") or {}
        return {
            name: str(said["endpoint_name"])
            for name, said in before.items()
            if name not in models and said.get("endpoint_url") and not said.get("retired")
        }

    def has_taken_down(self, model: str) -> bool:
        """Whether the model was retired, and its endpoint is gone."""
        said = (self.outputs.get("models") or {}).get(model) or {}
        return said.get("retired") == "down"

    def has_let_go(self, model: str) -> bool:
        """Whether it took the protection off the model's endpoint, so that this run may replace it."""
        said = (self.outputs.get("models") or {}).get(model) or {}
        return said.get("replacing") == LET_GO


def last_run() -> LastRun:
    """Ask the engine, which reads the stack's own state; raises pulumi.RunError where it cannot."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    attempt = 1
    while True:
        try:
            return _read(name)
        except Exception as error:  # noqa: BLE001 — the SDK raises nothing narrower
            if attempt == ATTEMPTS:
                raise pulumi.RunError(_unreadable(error)) from None
        attempt += 1
        time.sleep(PAUSE)


def _read(name: str) -> LastRun:
    answer = pulumi.runtime.invoke(READ, {"name": name}).value or {}
    return LastRun(answer.get("outputs") or {})


def _unreadable(error: Exception) -> str:
    refusal = told(
        "  its outputs",
        str(error),
        "a state backend that the engine can read",
        f"see that it answers: pulumi stack output --stack {pulumi.get_stack()}; then run the same again",
    )
    return f"Nobody knows what this stack's last run made. No resource was touched.\n{refusal}"
