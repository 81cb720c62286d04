"""The word that decides: what refuses a change, and what a person has to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model_ops.review.review import LEVELS, Level, ModelReview, Review, StackReview, Verdict, weightiest

PLATFORM = "rollpin:platform"
POLICIES = {
    "mandatory": "the policy {} speaks against {}",
    "exempt": "from the policy {}, {} is exempt by the stack's file",
    "unknown": "the policy {} cannot be held against {} before the up",
    "advisory": "the policy {} has a note on {}",
}
"""What a finding comes to, by its level; the policy and the resource go in."""


def of_stack(stack: StackReview) -> Verdict:
    """Judge one stack by all that was found of it; its own verdict is not looked at."""
    found = sorted(_reasons(stack), key=lambda each: -LEVELS.index(each[0]))
    level = weightiest(level for level, _ in found)
    return Verdict(level=level, reasons=tuple(dict.fromkeys(words for each, words in found if each == level)))


def of_review(stacks: Sequence[StackReview]) -> Verdict:
    """Judge the whole change: as its weightiest stack, and with an eye to there being several."""
    levels: list[Level] = [stack.verdict.level for stack in stacks]
    reasons = [
        f"{stack.name}: {reason}"
        for stack in stacks
        if stack.verdict.level == weightiest(levels) and stack.verdict.level != "nothing"
        for reason in stack.verdict.reasons
    ]
    if len(stacks) > 1:
        levels.append("look")
        names = ", then ".join(stack.name for stack in stacks)
        reasons.insert(0, f"it changes {len(stacks)} stacks, deployed in this order: {names}")
    return Verdict(level=weightiest(levels), reasons=tuple(reasons))


def whole(base: str, head: str, stacks: Sequence[StackReview], remarks: Sequence[str] = ()) -> Review:
    """Put a review together from its stacks."""
    return Review(base=base, head=head, verdict=of_review(stacks), stacks=tuple(stacks), remarks=tuple(remarks))


def _reasons(stack: StackReview) -> Iterator[tuple[Level, str]]:
    yield from (("refused", problem.title) for problem in stack.problems)
    yield from _of_infrastructure(stack)
    if stack.state == "deleted":
        yield "look", "the stack's file goes"
    for model in stack.models if stack.state != "deleted" else ():
        yield from _of_model(model)
    if stack.state == "program":
        yield "look", "the program changes, and no pin: what it does is in the changes below"
    if any(change.path.startswith(PLATFORM) for change in stack.settings) and stack.state == "changed":
        yield "look", "the platform changes: another workspace has models and versions of its own"
    if stack.unseen:
        yield "look", f"not all of it could be seen: {', '.join(dict.fromkeys(each.what for each in stack.unseen))}"
    yield from (("look", remark) for remark in stack.remarks)
    if stack.state in ("changed", "added") and (stack.models or stack.settings or stack.infrastructure):
        yield "fine", "nothing speaks against it"


def _of_infrastructure(stack: StackReview) -> Iterator[tuple[Level, str]]:
    found = stack.infrastructure
    if found is None:
        return
    for each in found.policies or ():
        level: Level = "refused" if each.level == "mandatory" else "look"
        yield level, POLICIES.get(each.level, POLICIES["mandatory"]).format(each.policy, each.resource or "it")
    if found.destructive:
        yield "look", "it replaces or deletes what is there"


def _of_model(model: ModelReview) -> Iterator[tuple[Level, str]]:
    kinds = {move.kind for move in model.moves}
    if "entry removed" in kinds:
        yield "look", f"the entry {model.name} goes from the file"
    if kinds & {"retired", "unpinned"}:
        yield "look", f"{model.name} is no longer served"
    for evidence in model.evidence:
        if any(check.outcome == "unknown" and check.mend for check in evidence.checks):
            yield "look", f"not every check of version {evidence.to.number} of {model.name} could be made"
