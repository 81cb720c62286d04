"""What the demo found, as `demo.json` says it, and the pure check of whether all of it held."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rehearsal.load import Shot

LEAST_RATE = 20.0
"""Requests a second that the load must have held."""


@dataclass
class Timeline:
    """Which versions the routes may name, from which moment (seconds since the epoch) on."""

    moments: list[float] = field(default_factory=list)
    versions: list[frozenset[int]] = field(default_factory=list)

    def add(self, at: float, *versions: int) -> None:
        """From `at` on, only `versions` may answer; moments come in order."""
        self.moments.append(at)
        self.versions.append(frozenset(versions))

    def allowed(self, sent: float) -> frozenset[int]:
        """The versions that may answer a request sent then."""
        turn = bisect_right(self.moments, sent) - 1
        return self.versions[turn] if turn >= 0 else frozenset()


@dataclass
class Report:
    """The demo's findings; the fields are those of `demo.json`."""

    engine: dict[str, str] = field(default_factory=dict)
    provider: str = ""
    versions: list[int] = field(default_factory=list)
    rollback: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, Any] = field(default_factory=dict)
    failed_rollout: dict[str, Any] = field(default_factory=dict)
    rollforward: dict[str, Any] = field(default_factory=dict)
    indexed: dict[str, Any] = field(default_factory=dict)
    """The version that has its passages from an index, and what it answered."""
    load: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return asdict(self)


def failures(shots: Iterable[Shot], timeline: Timeline) -> list[str]:
    """Name each request that failed: no whole answer, or one from a version that no route named when it was sent."""
    found = []
    for shot in shots:
        if shot.error is not None:
            found.append(shot.error)
        elif shot.version not in timeline.allowed(shot.sent):
            allowed = ", ".join(map(str, sorted(timeline.allowed(shot.sent)))) or "none"
            found.append(f"answered by version {shot.version} while the routes named {allowed}")
    return found


def load_summary(shots: Sequence[Shot], timeline: Timeline) -> dict[str, Any]:
    """The `load` part of the report."""
    by_version = Counter(str(shot.version) for shot in shots if shot.error is None)
    return {
        "sent": len(shots),
        "failed": len(failures(shots, timeline)),
        "by_version": dict(sorted(by_version.items())),
    }


def rate(shots: Sequence[Shot]) -> float:
    """Requests sent a second, from the first to the last."""
    if len(shots) < 2:
        return 0.0
    return (len(shots) - 1) / max(max(s.sent for s in shots) - min(s.sent for s in shots), 1e-9)


def broken_promises(report: Report) -> list[str]:
    """List what of the demo's promises the report does not show; empty means all of it held."""
    rollback, failed = report.rollback, report.failed_rollout
    changes = dict(rollback.get("changes") or {})
    promises = {
        "versions 1 to 8 are registered": report.versions == [1, 2, 3, 4, 5, 6, 7, 8],
        "after the rollback version 6 answers": rollback.get("served") == 6,
        "the rollback is one update and nothing else": changes.pop("same", 0) > 0 and changes == {"update": 1},
        "pin 99 is refused with the reason": _says(report.refused, "version 99 of ", "does not exist", "READY: 1, 2"),
        "pin 9 fails with a message": _says(failed, "UPDATE_FAILED"),
        "after the failed rollout version 6 still answers": failed.get("served_after") == 6,
        "after the rollforward version 7 answers": report.rollforward.get("served") == 7,
        "version 8 answers from its index": report.indexed.get("served") == 8
        and "servedVersion" in str(report.indexed.get("answer")),
        "no request failed": report.load.get("sent", 0) > 0 and report.load.get("failed") == 0,
        "versions 6 and 7 both took load": {"6", "7"} <= set(report.load.get("by_version") or {}),
    }
    return [promise for promise, held in promises.items() if not held]


def _says(finding: Mapping[str, Any], *words: str) -> bool:
    message = str(finding.get("message") or "")
    return all(word in message for word in words)
