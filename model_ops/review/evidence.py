"""What the workspace and the engine's record know of the versions that a change goes to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from model_ops.checks.check import check_version
from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError, StackError
from model_ops.history.intervals import Served, in_words, intervals
from model_ops.history.settled import settled
from model_ops.history.updates import Update, updates
from model_ops.review.facts import (
    Difference,
    Evidence,
    Metric,
    Readiness,
    Service,
    SignatureVerdict,
    VersionFacts,
)
from model_ops.review.review import Unseen
from model_ops.served import is_ready, traffic_of
from model_ops.target import TargetModel
from model_ops.versions import comparison
from model_ops.versions.aliases import list_aliases
from model_ops.versions.detail import VersionDetail, describe_version
from model_ops.versions.links import experiment_page, run_page, version_page

Found = TypeVar("Found")
Tell = Callable[[str], None]


@dataclass
class Witness:
    """Asks about the versions of one stack, and notes what it could not see."""

    stack: DeployedStack
    tell: Tell
    unseen: list[Unseen] = field(default_factory=list)
    _updates: tuple[Update, ...] | None = None
    _asked: bool = False

    def history(self, model: TargetModel) -> tuple[Served, ...] | None:
        """What served of a model; None where the engine's record cannot be read, which is noted once."""
        if not self._asked:
            self._asked = True
            self.tell(f"reading what served in stack {self.stack.name}")
            self._updates = self._try("what served before, and for how long", self._read)
        if self._updates is None:
            return None
        told = intervals(self._updates, model.name)
        return self._try(None, lambda: settled(told, self.stack.workspace.endpoint)) or told

    def evidence(
        self, model: TargetModel, was: int | None, to: int, served: Sequence[Served] | None
    ) -> Evidence | None:
        """Gather what is known of version `to`, against `was`; None where the workspace cannot be asked, noted."""
        self.tell(f"checking version {to} of {model.name} in stack {self.stack.name}; it is not loaded")
        label = f"version {to} of {model.name}"
        checks = self._try(f"the checks of {label}", lambda: check_version(self.stack, model, to, loading=False).checks)
        if checks is None:
            return None
        past = None if served is None else tuple(_service(each) for each in served if each.version == to)
        if any(each.name == "exists" and each.outcome == "failed" for each in checks):
            return Evidence(to=VersionFacts(number=to), checks=checks, past=past)
        known = Evidence(to=VersionFacts(number=to), checks=checks, past=past, readiness=self._readiness(model, to))
        return self._compared(model, was, known)

    def _compared(self, model: TargetModel, was: int | None, known: Evidence) -> Evidence:
        to = known.to.number
        if was is None or was == to:
            detail = self._try(f"version {to} of {model.name}", lambda: describe_version(self.stack, model, to))
            return known if detail is None else replace(known, to=self._facts(model, detail))
        compared = self._try(
            f"versions {was} and {to} of {model.name} side by side",
            lambda: comparison.compare_versions(self.stack, model, was, to),
        )
        if compared is None:
            detail = self._try(None, lambda: describe_version(self.stack, model, to))
            return known if detail is None else replace(known, to=self._facts(model, detail))
        to_facts, was_facts = (self._facts(model, side) for side in (compared.second, compared.first))
        return replace(_with_comparison(known, compared), to=to_facts, was=was_facts)

    def _facts(self, model: TargetModel, detail: VersionDetail) -> VersionFacts:
        version, run, url = detail.version, detail.run, self.stack.target.workspace_url
        aliases = self._try(None, lambda: list_aliases(self.stack, model)) or {}
        return VersionFacts(
            number=version.number,
            url=version_page(url, version.model, version.number),
            status=version.status,
            created=version.created,
            created_by=version.created_by,
            description=version.description,
            aliases=tuple(sorted(name for name, number in aliases.items() if number == version.number)),
            run_id=version.run_id,
            run_name=run.name if run else "",
            run_url=run_page(url, run.experiment_id, run.run_id) if run else "",
            experiment_url=experiment_page(url, run.experiment_id) if run else "",
            commit=run.commit if run else None,
            size=detail.size,
        )

    def _readiness(self, model: TargetModel, number: int) -> Readiness:
        endpoint = self._try("what is deployed now", lambda: self.stack.workspace.endpoint(model.endpoint_name))
        if endpoint is None:
            return "unknown" if self.unseen and self.unseen[-1].what == "what is deployed now" else "cold"
        if traffic_of(endpoint, model.full_name).get(number):
            return "serving"
        return "warm" if is_ready(endpoint, model.full_name, number) else "cold"

    def _read(self) -> tuple[Update, ...]:
        if self.stack.address is None:
            raise StackError("the engine was not asked")
        return updates(self.stack.address)

    def _try(self, what: str | None, ask: Callable[[], Found]) -> Found | None:
        try:
            return ask()
        except ModelOpsError as error:
            if what is not None and not any(each.what == what for each in self.unseen):
                self.unseen.append(Unseen(what=what, why=error.headline))
            return None


def _service(served: Served) -> Service:
    return Service(
        version=served.version,
        since=served.since,
        until=served.until,
        lasted=in_words(served.lasted(datetime.now(UTC))),
        proven=not served.doubt,
    )


def _with_comparison(known: Evidence, found: comparison.Comparison) -> Evidence:
    return replace(
        known,
        signature=SignatureVerdict(level=found.signature.level, changes=found.signature.changes),
        metrics=tuple(
            Metric(name=each.name, before=each.first, after=each.second, verdict=each.verdict) for each in found.metrics
        ),
        dependencies=_differences(found.dependencies),
        parameters=_differences(found.parameters),
        resources=_differences(found.resources),
    )


def _differences(found: Sequence[comparison.Difference]) -> tuple[Difference, ...]:
    return tuple(Difference(name=each.name, before=each.first, after=each.second) for each in found)
