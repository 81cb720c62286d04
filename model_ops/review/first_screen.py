"""The lines that decide, of one stack: what it does, was it proven, is it allowed, what changes, what it costs."""

from __future__ import annotations

from collections.abc import Iterator

from model_ops.markdown import code, words
from model_ops.review.facts import Evidence
from model_ops.review.infrastructure import counted
from model_ops.review.review import Amount, Cost, ModelReview, Move, StackReview

WORDS = {
    "refused": "Refused",
    "look": "Look closely",
    "fine": "Nothing speaks against it",
    "nothing": "Nothing to review",
}
MOST_MODELS = 8
"""Models that the first lines name; the rest is counted."""
READY = {
    "warm": "it is deployed and ready: a change of traffic, no build",
    "cold": "it is not deployed: it is built first, and the old version serves until it is ready",
    "serving": "it takes traffic already",
    "unknown": "whether it is deployed is not known",
}
LOADS = "loads"
"""The check that a review leaves out: it runs no code of a model."""
NUMBERED = ("roll forward", "rollback", "canary promoted")


def lines(stack: StackReview) -> Iterator[str]:
    """Give the lines as Markdown, the verdict first."""
    reasons = [each for each in stack.verdict.reasons if each != "nothing speaks against it"]
    because = f": {'; '.join(map(words, reasons))}" if reasons else ""
    yield f"**{WORDS[stack.verdict.level]}**{because}"
    if stack.rehearsed:
        yield f"- **Rehearsed**: {words(stack.rehearsed)}"
    for model in stack.models[:MOST_MODELS]:
        yield f"- {change(model)}"
    if (more := len(stack.models) - MOST_MODELS) > 0:
        yield f"- and {more} more models, below"
    yield from map("- {}".format, _proven(stack))
    yield from map("- {}".format, _checked(stack))
    yield from map("- {}".format, _compared(stack))
    if stack.infrastructure and not stack.infrastructure.errors:
        yield f"- In the cloud: {counted(stack.infrastructure)}"
        for each in stack.infrastructure.destructive:
            yield f"- **{each.operation.upper()}S the {each.kind} {code(each.name)}**"
    if stack.cost:
        yield f"- Cost: {priced(stack.cost)}"
    for why in dict.fromkeys(each.why for each in stack.unseen):
        what = ", ".join(each.what for each in stack.unseen if each.why == why)
        yield f"- Not seen: {words(what)} ({words(why)})"


def change(model: ModelReview) -> str:
    """Say in a line what becomes of a model."""
    if not model.moves:
        count = len(model.settings)
        return f"{code(model.name)}: {count} setting{'' if count == 1 else 's'} changed"
    said = "; ".join(map(move, model.moves))
    return f"{code(model.name)}: {said}"


def move(found: Move) -> str:
    """Say a move in its field's word, with both ends where it has two."""
    if found.kind in NUMBERED and found.before and found.after:
        return f"**{found.kind}, {found.before} → {found.after}** ({found.sentence})"
    return f"**{found.kind}**: {found.sentence}"


def priced(found: Cost) -> str:
    """Say what it costs a month before and after, as roughly as it is known."""
    if found.after is None or found.before is None:
        return "not known: a price is not in the table"
    if found.before == found.after:
        return f"{amount(found.after)} {found.currency} a month by list prices, as before"
    return f"{amount(found.before)} → {amount(found.after)} {found.currency} a month, by list prices"


def amount(found: Amount | None) -> str:
    """Say an amount in two digits that count, or its bounds."""
    if found is None:
        return "not known"
    least, most = _rounded(found.least), _rounded(found.most)
    return f"≈ {most}" if least == most else f"≈ {least} to {most}"


def _rounded(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.0f}"


def _proven(stack: StackReview) -> Iterator[str]:
    for model in stack.models[:MOST_MODELS]:
        for evidence in model.evidence:
            yield f"Version {evidence.to.number}: {proven(evidence)}; {READY[evidence.readiness]}"


def proven(evidence: Evidence) -> str:
    """Say whether a version was proven to serve before, until when and for how long."""
    if evidence.past is None:
        return "whether it served before is not known"
    found = [each for each in evidence.past if each.proven]
    if not found:
        return "it was never proven to serve here"
    last = found[-1]
    if last.until is None:
        return f"it serves since {last.since:%Y-%m-%d %H:%MZ}, for {last.lasted} so far"
    times = f", the last of {len(found)} times" if len(found) > 1 else ""
    return f"it served until {last.until:%Y-%m-%d %H:%MZ}, for {last.lasted}{times}"


def _checked(stack: StackReview) -> Iterator[str]:
    for model in stack.models[:MOST_MODELS]:
        for evidence in model.evidence:
            yield f"Checks of version {evidence.to.number}: {checked(evidence)}"


def _compared(stack: StackReview) -> Iterator[str]:
    for model in stack.models[:MOST_MODELS]:
        for evidence in model.evidence:
            if evidence.was and evidence.signature:
                yield f"Against version {evidence.was.number}: {compared(evidence)}"


def compared(evidence: Evidence) -> str:
    """Say how a version differs from the one before it, as far as that decides."""
    level = evidence.signature.level if evidence.signature else "unknown"
    better, worse = (sum(each.verdict == word for each in evidence.metrics) for word in ("better", "worse"))
    count = len(evidence.dependencies)
    said = f"signature {level}; metrics: {better} better, {worse} worse; dependencies: {count or 'none'} changed"
    return said if level != "breaking" else f"**{said}**"


def checked(evidence: Evidence) -> str:
    """Count the checks, and name those that failed or were not made."""
    passed = sum(each.outcome in ("passed", "accepted") for each in evidence.checks)
    failed = ", ".join(each.name for each in evidence.failed)
    untold = ", ".join(each.name for each in evidence.untold)
    untold += " (a review loads no model)" if any(each.name == LOADS for each in evidence.untold) else ""
    return "; ".join(
        [
            *([f"**failed: {failed}**"] if failed else []),
            f"{passed} passed",
            *([f"not told: {untold}"] if untold else []),
        ]
    )
