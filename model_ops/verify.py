"""The proof after every `up`: what a stack pins is what answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from model_ops.served import Endpoint, Verdict, prove
from model_ops.stack import address, target
from model_ops.target import Target, TargetModel
from model_ops.workspace import Workspace

Ask = Callable[[str], Endpoint | None]
"""Gives the endpoint of a name as the REST API sends it, None if there is none."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was found for one model; `verdict` is None while the stack pins no version of it."""

    model: TargetModel
    verdict: Verdict | None

    @property
    def held(self) -> bool:
        """True when the pin serves, or when there is no pin to serve."""
        return self.verdict is None or self.verdict.served

    def __str__(self) -> str:
        """Say it in one line when it held, else with every reason."""
        if self.verdict is None:
            return f"{self.model.name}: nothing is pinned, so no endpoint is expected"
        if self.verdict.served:
            remark = f" ({self.verdict.remarks[0]})" if self.verdict.remarks else ""
            endpoint = self.model.endpoint_name
            return f"{self.model.name}: {self.verdict.serving} serves on endpoint {endpoint}, as pinned{remark}"
        reasons = "".join(f"\n  - {reason}" for reason in self.verdict.reasons)
        return (
            f"{self.model.name}: version {self.model.pinned_version} is pinned, but endpoint "
            f"{self.model.endpoint_name} serves {self.verdict.serving}:{reasons}"
        )


def verify(target: Target, ask: Ask, *, timeout: float = 0.0) -> tuple[Proof, ...]:
    """Prove each model of `target`, waiting up to `timeout` seconds for each; raises what `ask` raises."""
    return tuple(_proof(model, ask, timeout) for model in target.models.values())


def verify_stack(stack: str, project: Path, *, timeout: float = 0.0) -> tuple[Proof, ...]:
    """Prove each model of a stack by asking its engine what is pinned and its workspace what serves.

    Waits up to `timeout` seconds for each; raises StackError and WorkspaceError where one of them does not answer.
    """
    where = address(stack, project)
    pinned = target(where)
    return verify(pinned, Workspace(pinned.workspace_url, where.token).endpoint, timeout=timeout)


def _proof(model: TargetModel, ask: Ask, timeout: float) -> Proof:
    expected = model.expected
    if expected is None:
        return Proof(model=model, verdict=None)
    return Proof(model=model, verdict=prove(lambda: ask(expected.endpoint), expected, timeout=timeout))
