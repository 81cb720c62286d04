"""Judges resources, and what a preview takes away, by every rule, with the stack's exemptions laid over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from policy import exemptions
from policy.circumstances import Circumstances
from policy.finding import Finding
from policy.resource import Removal, Resource, Untold
from policy.rule import Rule
from policy.rulebook import RULES


def judge(
    resources: Iterable[Resource], removals: Iterable[Removal], stack: Circumstances, *, whole: bool = True
) -> Sequence[Finding]:
    """Give all that speaks against a stack, the gravest first, and what of its exemptions is wrong.

    Where the resources are not `whole`, as of a preview that was refused, an exemption that none needs is not told.
    """
    found = [
        *(finding for each in resources for finding in of_resource(each, stack)),
        *(finding for each in removals for finding in _of_removal(each, stack)),
    ]
    found += exemptions.wrong(stack, found, whole=whole)
    rank = {"mandatory": 0, "unknown": 1, "exempt": 2, "advisory": 3}
    return sorted(dict.fromkeys(found), key=lambda each: rank[each.level])


def of_resource(resource: Resource, stack: Circumstances, rules: Iterable[Rule] = RULES) -> Iterator[Finding]:
    """What some rules find of one resource as the program wants it."""
    for rule in rules:
        if not rule.of_removals and rule.about(resource.kind):
            for found in rule.look(resource, stack):
                yield _finding(rule, resource, found, stack)


def _of_removal(removal: Removal, stack: Circumstances) -> Iterator[Finding]:
    for rule in RULES:
        if rule.of_removals and rule.about(removal.resource.kind):
            for found in rule.look(removal, stack):
                yield _finding(rule, removal.resource, found, stack)


def _finding(rule: Rule, resource: Resource, found: str | Untold, stack: Circumstances) -> Finding:
    told = (
        f"whether this holds cannot be told yet: `{found.path}` is not known, or not shown. {rule.sentence}"
        if isinstance(found, Untold)
        else f"{found}. {rule.sentence}"
    )
    level, remark = exemptions.level(rule.name, resource.name, stack, untold=isinstance(found, Untold))
    return Finding(policy=rule.name, level=level, resource=resource.name, message=f"{told}{remark}")
