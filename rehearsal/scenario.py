"""The main job, step by step: deploy version 7, roll back to 6 under load, refuse 99, survive 9, go forward to 7 and 8.

Version 8 leans on more than itself: an index, and a token from a secret.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from engine.local_stack import Outcome
from rehearsal import report as findings
from rehearsal.load import Shot, read
from rehearsal.report import Report, Timeline
from rehearsal.stage import DemoError, Stage

QUESTION = "How do I roll back to an earlier version of the model?"
DOES_NOT_LOAD = 9
LOAD_RATE = 25.0
"""Requests a second: a quarter more than the demo promises."""


@dataclass
class Scenario:
    """One rehearsal on a stage; `play` fills the report."""

    stage: Stage
    report: Report = field(default_factory=Report)
    timeline: Timeline = field(default_factory=Timeline)
    shots: tuple[Shot, ...] = ()

    def play(self) -> Report:
        """Play every step; raises DemoError where the next step would make no sense."""
        self._first_up()
        self._train()
        self._serve_7()
        file = self.stage.home.root / "load.jsonl"
        self.timeline.add(time.time(), 7)
        with self.stage.load(file, LOAD_RATE):
            self._roll_back_to_6()
            self._refuse_99()
            self._fail_9()
            self._go_forward_to_7()
        self._go_forward_to_8()
        self.shots = read(file)
        self._account()
        return self.report

    def _first_up(self) -> None:
        self._step("First `up`, without a pin: all but the endpoint, so that training has a model to register into")
        self.stage.must("up")

    def _train(self) -> None:
        self._step("Train and register eight versions, and a ninth that will not load where it is served")
        self.stage.train("1-9")
        self.report.versions = [version for version in self.stage.registered() if version != DOES_NOT_LOAD]

    def _serve_7(self) -> None:
        self._step("Pin version 7 and deploy it")
        self.stage.pin(7)
        self.stage.must("up")
        self._expect(7)

    def _roll_back_to_6(self) -> None:
        self._step(f"Roll back to version 6, under {LOAD_RATE:.0f} requests a second from here on: what preview shows")
        self.stage.pin(6)
        planned = self.stage.must("preview")
        self.stage.say(f"  preview: {planned.counts}")
        self._step("The same change, deployed")
        done = self._switch(7, 6)
        self.report.rollback = {
            "from": 7,
            "to": 6,
            "changes": done.changes,
            "seconds": round(done.seconds, 1),
            "served": self._expect(6),
        }
        if planned.changes != done.changes:
            raise DemoError(f"preview said {planned.counts}, but up did {done.counts}")

    def _refuse_99(self) -> None:
        self._step("Pin version 99, which does not exist: preview refuses it")
        self.stage.pin(99)
        outcome = self.stage.run("preview")
        self.report.refused = {"pin": 99, "message": outcome.error}

    def _fail_9(self) -> None:
        self._step("Pin version 9, which is registered but does not load: up fails, version 6 goes on answering")
        self.stage.pin(DOES_NOT_LOAD)
        first = self.stage.run("up")
        served = self._expect(6)
        self._step("A second plain `up` fails too, instead of claiming success")
        second = self.stage.run("up")
        self.report.failed_rollout = {
            "pin": DOES_NOT_LOAD,
            "served_after": served if self._expect(6) == served else None,
            "message": second.error if first.error else None,
        }

    def _go_forward_to_7(self) -> None:
        self._step("Pin version 7 again and deploy it")
        self.stage.pin(7)
        done = self._switch(6, 7)
        self.report.rollforward = {"served": self._expect(7), "seconds": round(done.seconds, 1)}

    def _go_forward_to_8(self) -> None:
        self._step("Pin version 8, which reads its passages from an index and signs in with a token from a secret")
        self.stage.keep_secrets()
        self.stage.pin(8)
        done = self.stage.must("up")
        answer = self.stage.ask(QUESTION)
        self.report.indexed = {"served": answer.version, "answer": answer.text, "changes": done.changes}

    def _switch(self, before: int, after: int) -> Outcome:
        self.timeline.add(time.time(), before, after)
        outcome = self.stage.must("up")
        self.timeline.add(time.time(), after)
        return outcome

    def _expect(self, version: int) -> int | None:
        """Ask which version answers; a wrong one ends up in the report, not in an exception."""
        answered = self.stage.ask(QUESTION).version
        if answered != version:
            self.stage.say(f"  !! version {version} was expected to answer")
        return answered

    def _account(self) -> None:
        self._step("The load, request by request")
        self.report.load = findings.load_summary(self.shots, self.timeline)
        rate = findings.rate(self.shots)
        shares = ", ".join(f"{n} by version {v}" for v, n in self.report.load["by_version"].items())
        self.stage.say(
            f"  {self.report.load['sent']} requests, {rate:.1f} a second: {shares}; {self.report.load['failed']} failed"
        )
        for line in findings.failures(self.shots, self.timeline)[:5]:
            self.stage.say(f"    {line}")
        if rate < findings.LEAST_RATE:
            raise DemoError(f"the load was {rate:.1f} requests a second; {findings.LEAST_RATE:.0f} are promised")

    def _step(self, title: str) -> None:
        self.stage.say(f"\n── {title}")
