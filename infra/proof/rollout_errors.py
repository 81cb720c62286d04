"""Answers an error of the provider's inside the `up`: it explains a failed rollout, and waits out another update.

The provider hands on Databricks' own words. Those for a rollout that failed say neither why nor what serves. Those for
an update that is refused, because another one is in progress, are written down nowhere, so the endpoint is asked too.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import pulumi

from infra.proof.failed_rollout import FailedRollout
from infra.proof.hidden_values import HiddenValues
from infra.proof.workspace_api import UnansweredError, WorkspaceApi
from infra.settings import printable
from model_ops.commands import Commands
from model_ops.served import Endpoint, Expected, is_updating, pending_versions

FAILED = re.compile(r"failed to reach NOT_UPDATING, got UPDATE_(FAILED|CANCELED)")
"""The words of the waiter in Databricks' Go SDK, which the provider uses."""
REFUSED = re.compile(
    r"RESOURCE_CONFLICT|\bbeing updated\b|\bcurrently updating\b|\bupdate\b.{0,40}\bin progress\b", re.I
)
MOST_TRIES = 5
INTERVAL = 2.0


@dataclass(kw_only=True)
class RolloutErrors:
    """What is to be served by one endpoint, where to ask, and how long to wait for somebody else's update."""

    commands: Commands
    model: str
    expected: Expected
    api: WorkspaceApi
    timeout_minutes: int
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _deadline: float | None = field(default=None, init=False)

    def hook(self) -> pulumi.ErrorHook:
        """The hook to bind to errors of the endpoint; in a preview it does nothing."""
        return pulumi.ErrorHook(f"{self.model}-tells-why", self.in_up)

    async def in_up(self, args: pulumi.ErrorHookArgs) -> bool:
        """Say whether the engine is to try again, asking in a thread so that other resources go on."""
        if pulumi.runtime.is_dry_run() or args.failed_operation == "delete":
            return False
        try:
            return await asyncio.to_thread(self.answer, args)
        except Exception as error:  # noqa: BLE001 (whatever goes wrong here, the provider's error is what counts)
            pulumi.log.debug(f"the error hook of {self.model} failed: {type(error).__name__}")
            return False

    def answer(self, args: pulumi.ErrorHookArgs) -> bool:
        """Explain the newest error or wait out what caused it; True where it is to be tried again."""
        error = args.errors[0] if args.errors else ""
        try:
            if FAILED.search(error):
                self._explain(args)
            elif args.failed_operation == "update" and self._is_refused(error):
                return self._may_try_again(len(args.errors))
        except UnansweredError as unanswered:
            self._say_unanswered(unanswered)
        return False

    def _explain(self, args: pulumi.ErrorHookArgs) -> None:
        endpoint = self._ask()
        hidden = HiddenValues.of(endpoint, args.new_inputs, args.old_inputs)
        failure = FailedRollout(commands=self.commands, model=self.model, expected=self.expected, hidden=hidden)
        pulumi.log.error(failure.told(endpoint, partial(self.api.log, self.expected.endpoint)))

    def _is_refused(self, error: str) -> bool:
        """Whether another update made the workspace refuse this one: so says the error, or else the endpoint."""
        if REFUSED.search(error):
            return True
        try:
            endpoint = self._ask()
        except UnansweredError:
            return False
        if endpoint is None or not is_updating(endpoint):
            return False
        return pending_versions(endpoint, self.expected.model) != set(self.expected.traffic)

    def _may_try_again(self, tries: int) -> bool:
        name, patience = self.expected.endpoint, self.timeout_minutes
        if self._deadline is None:
            self._deadline = self.clock() + patience * 60
            bound = f"this one is tried again when it ends, within {patience} min"
            pulumi.log.info(f"another update of endpoint {name} is in progress: {bound}")
        if tries <= MOST_TRIES and self._has_ended(self._deadline):
            return True
        pulumi.log.error(
            f"Endpoint {name} is being updated by somebody else, and no longer waited for. Nothing was changed.\n"
            f"  type next: once that has ended: {self.commands.up}"
        )
        return False

    def _has_ended(self, deadline: float) -> bool:
        while self.clock() < deadline:
            self.sleep(INTERVAL)
            endpoint = self._ask()
            if endpoint is None or not is_updating(endpoint):
                return True
        return False

    def _say_unanswered(self, error: UnansweredError) -> None:
        why = printable.line(str(error))
        pulumi.log.warn(
            f"Nobody knows what endpoint {self.expected.endpoint} serves: {self.api.address} does not say ({why}).\n"
            f"  type next: check the workspace and DATABRICKS_TOKEN (or ARM_*), then: {self.commands.verify}"
        )

    def _ask(self) -> Endpoint | None:
        return self.api.endpoint(self.expected.endpoint)
