"""The folded parts of a review, each with its weight: what is least needed goes first where there is no room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model_ops.cli.output import figure, short, size, when
from model_ops.markdown import block, code, details, link, table, words
from model_ops.review.facts import Difference, Evidence, Metric, VersionFacts
from model_ops.review.first_screen import amount
from model_ops.review.infrastructure import WORDS
from model_ops.review.review import Infrastructure, InfrastructureChange, SettingChange, StackReview

FACTS = ["version", "status", "created", "by", "description", "aliases", "run", "experiment", "commit", "size"]
ARROWS = {"better": "↑ better", "worse": "↓ worse", "same": "= same", "changed": "≠ changed"}


@dataclass(frozen=True, kw_only=True)
class Section:
    """One folded part; of two, the one of the greater weight goes first where there is no room."""

    title: str
    body: str
    weight: int

    @property
    def text(self) -> str:
        """The part as Markdown."""
        return details(self.title, self.body)


def sections(stack: StackReview) -> Iterator[Section]:
    """Give the folded parts of one stack, in the order of reading."""
    several = len(stack.models) > 1
    for model in stack.models:
        of = f" of {model.name}" if several else ""
        for evidence in model.evidence:
            yield from _of_version(evidence, of)
        if model.settings:
            yield _settings(f"Settings{of}", model.settings)
    if stack.settings:
        yield _settings("Settings of the stack", stack.settings)
    if stack.infrastructure:
        yield from _infrastructure(stack.infrastructure)
    if stack.cost:
        yield Section(title="How the cost is estimated", body=_cost(stack), weight=8)


def _of_version(evidence: Evidence, of: str) -> Iterator[Section]:
    number = evidence.to.number
    if evidence.to.url:
        yield Section(title=f"Version {number}{of}: where it comes from", body=_versions(evidence), weight=4)
    if evidence.checks:
        yield Section(title=f"Checks of version {number}{of}", body=_checks(evidence), weight=2)
    if evidence.signature:
        count = len(evidence.signature.changes)
        said = f"{count} field{'' if count == 1 else 's'} differ{'s' if count == 1 else ''}" if count else "unchanged"
        yield Section(title=f"Signature{of}: {evidence.signature.level}, {said}", body=_signature(evidence), weight=5)
    if evidence.metrics:
        counts = [sum(each.verdict == word for each in evidence.metrics) for word in ("better", "worse")]
        title = f"Metrics{of}: {counts[0]} better, {counts[1]} worse, {len(evidence.metrics)} in all"
        yield Section(title=title, body=_metrics(evidence.metrics), weight=6)
    for name, found in (
        ("Dependencies", evidence.dependencies),
        ("Parameters of the training", evidence.parameters),
        ("Resources that it declares to use", evidence.resources),
    ):
        if found:
            yield Section(title=f"{name}{of}: {len(found)} changed", body=_differences(found), weight=7)


def _versions(evidence: Evidence) -> str:
    sides = [each for each in (evidence.was, evidence.to) if each]
    rows = [[name, *(values)] for name, *values in zip(FACTS, *map(_facts, sides), strict=True)]
    shown = [row for row in rows if any(value for value in row[1:])]
    return table(["", *(f"version {each.number}" for each in sides)], shown)


def _facts(version: VersionFacts) -> Sequence[str]:
    return (
        link(version.number, version.url),
        code(version.status),
        when(version.created),
        version.created_by and code(version.created_by),
        version.description and code(version.description),
        ", ".join(map(code, version.aliases)),
        link(version.run_name or version.run_id, version.run_url) if version.run_id else "none",
        link("experiment", version.experiment_url) if version.experiment_url else "",
        (version.commit and code(short(version.commit))) or "",
        "" if version.size is None else size(version.size),
    )


def _checks(evidence: Evidence) -> str:
    rows = [
        [each.name, f"**{each.outcome}**" if each.outcome == "failed" else each.outcome, code(each.found)]
        for each in evidence.checks
    ]
    return table(("check", "", "what was found"), rows)


def _signature(evidence: Evidence) -> str:
    found = evidence.signature
    if found is None or not found.changes:
        return "Every call that fits the one version fits the other, and gets an answer of the same form."
    rows = [
        [each.side, code(each.path), each.kind, code(each.old or "-"), code(each.new or "-"), each.level]
        for each in found.changes
    ]
    return table(("side", "field", "change", "before", "after", "for clients"), rows)


def _metrics(found: Sequence[Metric]) -> str:
    rows = [
        [code(each.name), figure(each.before), figure(each.after), ARROWS.get(each.verdict, each.verdict)]
        for each in found
    ]
    return table(("metric", "before", "after", ""), rows)


def _differences(found: Sequence[Difference]) -> str:
    rows = [[code(each.name), code(each.before or "-"), code(each.after or "-")] for each in found]
    return table(("name", "before", "after"), rows)


def _settings(title: str, found: Sequence[SettingChange]) -> Section:
    rows = [[code(each.path), code(each.before or "-"), code(each.after or "-")] for each in found]
    return Section(title=f"{title}: {len(rows)} changed", body=table(("setting", "before", "after"), rows), weight=3)


def _infrastructure(found: Infrastructure) -> Iterator[Section]:
    if found.policies:
        rows = [
            [code(each.policy), code(each.level), code(each.resource), code(each.message)] for each in found.policies
        ]
        body = table(("policy", "", "resource", "what it says"), rows)
        count = len(found.policies)
        yield Section(title=f"Policies: {count} finding{'' if count == 1 else 's'}", body=body, weight=1)
    if found.changes:
        parts = [_change(each) for each in found.changes]
        every = "" if found.same is None else f" of {len(parts) + found.same}"
        plural = "" if len(parts) == 1 and not every else "s"
        title = f"What changes in the cloud: {len(parts)}{every} resource{plural}"
        yield Section(title=title, body="\n\n".join(parts), weight=3)


def _change(found: InfrastructureChange) -> str:
    word = WORDS.get(found.operation, (found.operation, "", ""))[0]
    head = f"The {found.kind} {code(found.name)} is **{word}**"
    if not found.paths or found.operation in ("create", "import"):
        return f"{head}."
    rows = [[code(each.path), code(each.before), code(each.after)] for each in found.paths]
    return f"{head}:\n\n{table(('property', 'before', 'after'), rows)}"


def _cost(stack: StackReview) -> str:
    found = stack.cost
    if found is None:
        return ""
    rows = [
        [code(each.model), amount(each.before), amount(each.after), "; ".join(each.remarks)] for each in found.models
    ]
    note = (
        f"List prices of {found.as_of} without any discount, of Model Serving alone: {found.source}. "
        "Storage, tables and requests are not in it."
    )
    return f"{table(('model', 'before, a month', 'after', ''), rows)}\n\n{note}"


def problems(stack: StackReview) -> Iterator[str]:
    """Give what refuses a stack as Markdown that is not folded: the words of whoever refuses it, and the mend.

    The title of a single one is the first line's reason already.
    """
    for problem in stack.problems:
        if len(stack.problems) > 1:
            yield f"**{words(problem.title[:1].upper() + problem.title[1:])}**"
        if problem.words:
            yield block(problem.words)
        if problem.mend:
            yield f"Mend: {words(problem.mend)}"
