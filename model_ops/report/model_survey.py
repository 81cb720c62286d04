"""Asks workspace, engine and git for all that a report shows of one model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from model_ops.credential import hidden
from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError
from model_ops.history.intervals import Served, in_words
from model_ops.history.timeline import Entry, read_timeline
from model_ops.history.updates import Update
from model_ops.proving.status import ModelStatus
from model_ops.report.origins import read_origins
from model_ops.report.picture import Attempt, Metric, ModelPicture, Period, VersionEntry
from model_ops.target import TargetModel
from model_ops.versions.listing import SYSTEM, ListedVersion, list_versions
from model_ops.versions.metrics import direction

MOST_METRICS = 12
"""How many metrics are plotted unless told which."""
MOST_ORIGINS = 12
"""Of how many versions the lineage is followed: it is some calls each."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """When a report is made, how far back it goes, and which metrics it plots."""

    made: datetime
    since: datetime
    metrics: tuple[str, ...]


def survey_model(stack: DeployedStack, status: ModelStatus, record: Sequence[Update], scope: Scope) -> ModelPicture:
    """Tell all of a model whose workspace answers; what does not answer after all is a remark."""
    model = stack.target.models[status.name]
    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(_versions, stack, model)
        periods, remarks = _periods(stack, model, record, scope)
    listed, unlisted = asked.result()
    deployed = [status.pinned, *status.warm, status.canary.version if status.canary else None]
    wanted = sorted({each.version for each in periods} | {each for each in deployed if each}, reverse=True)
    left_out = [f"the lineage of {len(wanted) - MOST_ORIGINS} earlier versions is left out"]
    return ModelPicture(
        name=model.name,
        full_name=model.full_name,
        endpoint=model.endpoint_name,
        in_file=status.in_file,
        pinned=status.pinned,
        warm=status.warm,
        cold=status.cold,
        canary=status.canary,
        serving=status.serving,
        ready=status.ready,
        as_pinned=status.verdict.served if status.verdict else None,
        drift=status.drift,
        periods=periods,
        versions=tuple(_version(each) for each in listed),
        origins=read_origins(stack, model, wanted[:MOST_ORIGINS]),
        metrics=metrics_of(listed, scope.metrics),
        remarks=(*unlisted, *remarks, *(left_out if len(wanted) > MOST_ORIGINS else ())),
    )


def told_offline(stack: DeployedStack, model: TargetModel, record: Sequence[Update], scope: Scope) -> ModelPicture:
    """Tell what engine and git know of a model whose workspace does not answer."""
    periods, remarks = _periods(stack, model, record, scope)
    return ModelPicture(
        name=model.name,
        full_name=model.full_name,
        endpoint=model.endpoint_name,
        in_file=stack.pin_in_file(model.name),
        pinned=model.pinned_version,
        warm=model.warm_versions,
        canary=model.canary,
        periods=periods,
        remarks=remarks,
    )


def metrics_of(listed: Iterable[ListedVersion], wanted: Sequence[str]) -> tuple[Metric, ...]:
    """Choose the metrics to plot: the `wanted`, else the first by name of those that most versions have.

    MLflow's own of the machine, and what is no number, are left out.
    """
    runs = sorted(((each.version.number, each.metrics) for each in listed), key=lambda run: run[0])
    counts = Counter(name for _, metrics in runs for name in metrics if not name.startswith(SYSTEM))
    names = [each for each in wanted if each in counts] or sorted(counts, key=lambda name: (-counts[name], name))
    plotted = [_metric(name, runs) for name in names[: None if wanted else MOST_METRICS]]
    return tuple(metric for metric in plotted if metric.points)


def _metric(name: str, runs: Sequence[tuple[int, Mapping[str, float]]]) -> Metric:
    points = [(number, metrics[name]) for number, metrics in runs if name in metrics]
    finite = tuple((number, value) for number, value in points if math.isfinite(value))
    return Metric(name=name, direction=direction(name) or "", points=finite)


def _versions(stack: DeployedStack, model: TargetModel) -> tuple[tuple[ListedVersion, ...], tuple[str, ...]]:
    try:
        return list_versions(stack, model), ()
    except ModelOpsError as error:
        return (), (f"its versions could not be listed: {error.headline}",)


def _version(each: ListedVersion) -> VersionEntry:
    return VersionEntry(
        number=each.version.number,
        status=each.version.status,
        roles=each.roles,
        traffic=each.traffic,
        aliases=each.aliases,
        created=each.version.created,
        created_by=each.version.created_by,
        run_name=hidden(each.run.name) if each.run else "",
        metrics={name: value if math.isfinite(value) else None for name, value in sorted(each.metrics.items())},
    )


def _periods(
    stack: DeployedStack, model: TargetModel, record: Sequence[Update], scope: Scope
) -> tuple[tuple[Period, ...], tuple[str, ...]]:
    """What served since the report begins, and what is to be said of it."""
    if not record:
        return (), ()
    try:
        entries = read_timeline(stack, model, record)
    except ModelOpsError as error:
        return (), (f"its history could not be read: {error.headline}",)
    shown = [each for each in entries if each.served.until is None or each.served.until >= scope.since]
    remarks = dict.fromkeys(remark for each in shown for remark in each.remarks)
    return tuple(_period(each, scope.made) for each in shown), tuple(remarks)


def _period(entry: Entry, made: datetime) -> Period:
    served, commit = entry.served, entry.commit
    return Period(
        version=served.version,
        since=served.since,
        until=served.until,
        lasted=in_words(served.lasted(made)),
        canary=served.canary,
        warm=served.pins.warm,
        run_id=entry.run_id,
        commit=commit.hash if commit else None,
        subject=hidden(commit.subject) if commit else "",
        author=commit.author if commit else "",
        approved_by=commit.approved_by if commit else "",
        doubt=served.doubt,
        attempts=tuple(_attempts(served)),
    )


def _attempts(served: Served) -> Iterable[Attempt]:
    for update in served.unproven:
        pins = (update.pins or {}).get(served.model)
        wanted = "to destroy it" if update.kind == "destroy" else pins.words if pins else "no version"
        yield Attempt(at=update.ended or update.started, wanted=wanted, result=update.result)
