"""Proves inside the `up` that the pin is what serves: the provider reports success for updates it never sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pulumi

from infra.proof.workspace_api import UnansweredError, WorkspaceApi
from infra.settings import printable
from model_ops.commands import Commands
from model_ops.served import Endpoint, Expected, Verdict, prove

Wait = Callable[..., Verdict]
"""Asks until there is a verdict: `model_ops.served.prove`."""


class NotServedError(Exception):
    """What is pinned is not what serves; the message says what does, why, and what to type."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What is to be proven of one endpoint, where, and how long to wait for it."""

    commands: Commands
    model: str
    expected: Expected
    api: WorkspaceApi
    timeout_minutes: int

    def hook(self) -> pulumi.ResourceHook:
        """The hook to bind after create and after update; it does not run in previews, nor when nothing changes."""
        return pulumi.ResourceHook(f"{self.model}-serves-its-pin", self.in_up)

    async def in_up(self, _: pulumi.ResourceHookArgs) -> None:
        """What the hook does, in a thread so that other resources go on while this one waits."""
        await asyncio.to_thread(self.confirm)

    def confirm(self, wait: Wait = prove) -> None:
        """Ask until the pin serves; raises NotServedError where it does not within the time, or cannot any more."""
        try:
            verdict = wait(self._ask, self.expected, timeout=self.timeout_minutes * 60)
        except UnansweredError as error:
            raise NotServedError(self._unanswered(error)) from None
        if not verdict.served:
            raise NotServedError(self._not_served(verdict))

    def _ask(self) -> Endpoint | None:
        return self.api.endpoint(self.expected.endpoint)

    def _unanswered(self, error: UnansweredError) -> str:
        why = printable.line(str(error))
        return (
            f"Nobody knows what endpoint {self.expected.endpoint} serves: {self.api.address} does not say ({why}).\n"
            f"  type next: check the workspace and DATABRICKS_TOKEN (or ARM_*), then: {self.commands.verify}"
        )

    def _not_served(self, verdict: Verdict) -> str:
        reasons = "".join(f"\n  - {printable.line(reason)}" for reason in verdict.reasons)
        return (
            f"Version {self.expected.version} of {self.expected.model} is pinned, but endpoint "
            f"{self.expected.endpoint} serves {verdict.serving}:{reasons}\n  type next: {self._next(verdict)}"
        )

    def _next(self, verdict: Verdict) -> str:
        if not verdict.final:
            waited = f"it was still going on after {self.timeout_minutes} minutes"
            return f"{waited}; see how it ended: {self.commands.verify}"
        up, at = self.commands.up, f"at rollpin:models.{self.model}.servedVersion in {self.commands.file}"
        serving = sorted(verdict.traffic, key=lambda version: -verdict.traffic[version])
        if serving and verdict.traffic[serving[0]] and not self.expected.traffic.get(serving[0]):
            return f"to stay on version {serving[0]}, write {serving[0]} {at}, then: {up}; to try again: {up}"
        proven = f"which were: {self.commands.model_ops('history')}"
        return f"write a version that was proven to serve {at} ({proven}), then: {up}; to try again: {up}"
