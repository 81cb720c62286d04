"""The proof after every `up`: what a stack pins is what answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from model_ops import printable
from model_ops.deployed import DeployedStack
from model_ops.proving.probe import Probe, probe
from model_ops.served import Endpoint, Verdict, prove
from model_ops.target import Target, TargetModel

Ask = Callable[[str], Endpoint | None]
"""Gives the endpoint of a name as the REST API sends it, None if there is none."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was found for one model; `verdict` is None while the stack pins no version of it."""

    model: TargetModel
    verdict: Verdict | None
    probes: tuple[Probe, ...] = ()
    """How a real request to each version went; none where none was to be made, or the pin does not serve anyway."""

    @property
    def held(self) -> bool:
        """True when the pin serves and answers, or when there is no pin to serve."""
        return self.verdict is None or (self.verdict.served and not any(probe.problems for probe in self.probes))

    @property
    def after_failure(self) -> str:
        """Say what serves, of a stack whose update has just failed: its outputs tell of the update before."""
        if self.verdict is None:
            return f"{self.model.name}: nothing was deployed before, so nothing serves"
        still = "" if self.held else ", and not as it is pinned"
        return f"{self.model.name}: {self.verdict.serving} serves on endpoint {self.model.endpoint_name}{still}"

    def __str__(self) -> str:
        """Say it in one line when it held, else with every reason."""
        if self.model.retired:
            return f"{self.model.name}: retired, endpoint {self.model.endpoint_name} is {self.model.retired}"
        if self.verdict is None:
            return f"{self.model.name}: nothing is pinned, so no endpoint is expected"
        endpoint = self.model.endpoint_name
        if not self.verdict.served:
            reasons = "".join(f"\n  - {printable.line(reason)}" for reason in self.verdict.reasons)
            pinned = f"{self.model.name}: version {self.model.pinned_version} is pinned, but endpoint {endpoint} serves"
            return f"{pinned} {self.verdict.serving}:{reasons}"
        remark = f" ({self.verdict.remarks[0]})" if self.verdict.remarks else ""
        served = f"{self.model.name}: {self.verdict.serving} serves on endpoint {endpoint}, as pinned{remark}"
        return served + "".join(map(str, self.probes))


def verify(target: Target, ask: Ask, *, timeout: float = 0.0) -> tuple[Proof, ...]:
    """Prove each model of `target`, waiting up to `timeout` seconds for each; raises what `ask` raises."""
    return tuple(_proof(model, ask, timeout) for model in target.models.values())


def verify_stack(stack: str, project: Path, *, timeout: float = 0.0, request: bool = True) -> tuple[Proof, ...]:
    """Prove each model of a stack by asking its engine what is pinned and its workspace what serves.

    Raises StackError and WorkspaceError where one of them does not answer.
    """
    return verify_deployed(DeployedStack.find(stack, project), timeout=timeout, request=request)


def verify_deployed(stack: DeployedStack, *, timeout: float = 0.0, request: bool = True) -> tuple[Proof, ...]:
    """Prove each model of a stack, waiting up to `timeout` seconds for each.

    With `request` each version that serves is sent its own example too. Raises WorkspaceError.
    """
    proofs = verify(stack.target, stack.workspace.endpoint, timeout=timeout)
    return tuple(_probed(stack, proof) for proof in proofs) if request else proofs


def _probed(stack: DeployedStack, proof: Proof) -> Proof:
    expected = proof.model.expected
    if expected is None or proof.verdict is None or not proof.verdict.served:
        return proof
    return replace(proof, probes=probe(stack, proof.model, expected))


def _proof(model: TargetModel, ask: Ask, timeout: float) -> Proof:
    expected = model.expected
    if expected is None:
        return Proof(model=model, verdict=None)
    return Proof(model=model, verdict=prove(lambda: ask(expected.endpoint), expected, timeout=timeout))
