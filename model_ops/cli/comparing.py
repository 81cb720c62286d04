"""A comparison of two versions as tables, as Markdown for a pull request, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model_ops import printable
from model_ops.cli.output import echo, figure, plain, print_table, size
from model_ops.markdown import table, words

if TYPE_CHECKING:
    from model_ops.versions.comparison import Comparison, Difference
    from model_ops.versions.metrics import MetricChange


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a comparison; without rows its title says all."""

    title: str
    headers: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def print_comparison(comparison: Comparison) -> None:
    """Print every section as a table."""
    for section in sections(comparison):
        echo(printable.line(section.title))
        if section.rows:
            print_table(section.headers, section.rows)
        echo("")


def markdown(comparison: Comparison) -> str:
    """Write every section as Markdown, ready for a pull request."""
    first, second = comparison.first.version, comparison.second.version
    blocks = [f"### {words(first.model)}: version {first.number} → {second.number}"]
    for section in sections(comparison):
        blocks.append(f"**{words(section.title)}**")
        if section.rows:
            blocks.append(table(section.headers, [[*map(words, row)] for row in section.rows]))
    return "\n\n".join(blocks)


def as_plain(comparison: Comparison) -> dict[str, Any]:
    """Give a comparison as what JSON has, with the verdicts that its objects tell."""
    return {
        "first": plain(comparison.first.version),
        "second": plain(comparison.second.version),
        "signature": {"level": comparison.signature.level, "changes": plain(comparison.signature.changes)},
        "metrics": [{**plain(metric), "verdict": metric.verdict} for metric in comparison.metrics],
        "parameters": plain(comparison.parameters),
        "dependencies": plain(comparison.dependencies),
        "resources": plain(comparison.resources),
        "serving": plain(comparison.serving),
        "bytes": [comparison.first.size, comparison.second.size],
        "code": plain(comparison.code),
        "commits": list(comparison.commits),
    }


def sections(comparison: Comparison) -> Iterator[Section]:
    """Give the parts of a comparison, the one that may break clients first."""
    one, two = (str(detail.version.number) for detail in (comparison.first, comparison.second))
    changes = comparison.signature.changes
    yield Section(
        title=f"signature: {comparison.signature.level}{'' if changes else ', unchanged'}",
        headers=("side", "field", "change", one, two, "level"),
        rows=[[c.side, c.path, c.kind, c.old or "", c.new or "", c.level] for c in changes],
    )
    better = sum(metric.verdict == "better" for metric in comparison.metrics)
    worse = sum(metric.verdict == "worse" for metric in comparison.metrics)
    yield Section(
        title=f"metrics: {better} better, {worse} worse, {len(comparison.metrics)} in all",
        headers=("metric", one, two, "change", "verdict"),
        rows=[_metric(metric) for metric in comparison.metrics],
    )
    yield _differences("parameters", comparison.parameters, one, two)
    yield _differences("dependencies", comparison.dependencies, one, two)
    yield _differences("resources", comparison.resources, one, two)
    if comparison.serving:
        yield _differences("served with", comparison.serving, one, two)
    before, after = comparison.first.size, comparison.second.size
    yield Section(title=f"size: {size(before)} → {size(after)} ({after - before:+d} bytes)")
    yield _code(comparison)


def _differences(name: str, found: Sequence[Difference], one: str, two: str) -> Section:
    rows = [[each.name, each.first or "-", each.second or "-"] for each in found]
    return Section(title=f"{name}: {len(rows) or 'none'} changed", headers=("name", one, two), rows=rows)


def _code(comparison: Comparison) -> Section:
    rows = [[change.path, change.kind] for change in comparison.code]
    commits = [commit or "not recorded" for commit in comparison.commits]
    from_to = commits[0] if commits[0] == commits[1] else " → ".join(commits)
    title = f"code: {len(rows) or 'no'} file{'' if len(rows) == 1 else 's'} changed (commit: {from_to})"
    return Section(title=title, headers=("file", "change"), rows=rows)


def _metric(metric: MetricChange) -> list[str]:
    change = ""
    if metric.first is not None and metric.second is not None:
        change = f"{metric.second - metric.first:+.4g}"
    return [metric.name, figure(metric.first), figure(metric.second), change, metric.verdict]
