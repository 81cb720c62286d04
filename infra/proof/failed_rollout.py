"""Says of a rollout that failed what the provider does not: which entity and why, what serves still, what to type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from infra.proof.hidden_values import HiddenValues
from infra.settings import printable
from model_ops.commands import Commands
from model_ops.served import Endpoint, Expected, FailedEntity, failed_entities, judge, serving

LAST_LINES = 10
"""Of an entity's log: as many as hold the end of a traceback."""
MOST_SHOWN = 500
"""Characters of one line of what others wrote."""
Logs = Callable[[str], str]
"""The log of a served entity by its name; empty where there is none."""


@dataclass(frozen=True, kw_only=True)
class FailedRollout:
    """What was to be served, and what is never shown of what the workspace answers."""

    commands: Commands
    model: str
    expected: Expected
    hidden: HiddenValues

    def told(self, endpoint: Endpoint | None, logs: Logs) -> str:
        """The whole message, from what the workspace says of the endpoint after the failure."""
        failed = failed_entities(endpoint) if endpoint else ()
        lines = [self._head(endpoint, failed)]
        for entity in failed:
            lines += [f"  - {self._shown(f'{entity.name} is {entity.state}: {entity.message}')}"]
            lines += self._log(entity, logs)
        if endpoint and not failed:
            lines += ["  - no served entity says why"]
        return "\n".join([*lines, f"  type next: {self._next(endpoint, failed)}"])

    def _head(self, endpoint: Endpoint | None, failed: tuple[FailedEntity, ...]) -> str:
        what = f"The rollout of version {self._version(failed)} of {self.expected.model} failed"
        name = self.expected.endpoint
        if endpoint is None:
            gone = "is deleted again, with its log, as the provider does where the first rollout fails"
            return f"{what}: endpoint {name} {gone}"
        ready = serving(endpoint, self.expected.model)
        still = judge(endpoint, self.expected).serving if ready else "nothing"
        return f"{what} and changed nothing: endpoint {name} serves {still}"

    def _log(self, entity: FailedEntity, logs: Logs) -> list[str]:
        if self.hidden.unknown:
            command = f"databricks serving-endpoints logs {self.expected.endpoint} {entity.name}"
            return [f"    its log is not shown, for its variables refer to secrets, which it may hold: {command}"]
        written = [line.rstrip() for line in self.hidden.cut(logs(entity.name)).splitlines() if line.strip(" ^~")]
        unlike = [line for line, before in zip(written, ["", *written], strict=False) if line != before]
        shown = [f"    | {_line(line)}" for line in unlike[-LAST_LINES:]]
        return ["    its log ends:", *shown] if shown else ["    it left no log"]

    def _next(self, endpoint: Endpoint | None, failed: tuple[FailedEntity, ...]) -> str:
        version, at = self._version(failed), f"rollpin:models.{self.model}"
        why = f"to load it here: {self.commands.model_ops('check', '--pin', version)}"
        file, up = self.commands.file, self.commands.up
        ready = serving(endpoint, self.expected.model)
        if version != self.expected.version:
            key = "canary" if self.expected.canary and self.expected.canary.version == version else "warmVersions"
            return f"{why}; to go on without it, take it out of {at}.{key} in {file}, then: {up}"
        if ready and ready[0] != version:
            return f"{why}; to stay on version {ready[0]}, write {ready[0]} at {at}.servedVersion in {file}, then: {up}"
        return f"{why}; once its reason is mended: {up}"

    def _version(self, failed: tuple[FailedEntity, ...]) -> int:
        versions = [entity.version for entity in failed if entity.version in self.expected.traffic]
        return self.expected.version if self.expected.version in versions or not versions else versions[0]

    def _shown(self, words: str) -> str:
        return _line(self.hidden.cut(words))


def _line(words: str) -> str:
    shown = printable.line(words)
    return shown if len(shown) <= MOST_SHOWN else f"{shown[:MOST_SHOWN]}…"
