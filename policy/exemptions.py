"""What a stack's exemptions do to a finding, and what is wrong with the exemptions themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from model_ops.did_you_mean import did_you_mean
from policy.circumstances import Circumstances, Exemption
from policy.finding import EXEMPTIONS, Finding, Level
from policy.rulebook import NAMES

KEY = "rollpin:policy.exemptions"


def level(rule: str, resource: str, stack: Circumstances, *, untold: bool) -> tuple[Level, str]:
    """The level of what a rule found of a resource, and what to add to its message."""
    plain: Level = "unknown" if untold else "mandatory"
    exemption = stack.exemptions.get(rule)
    if exemption is None or not exemption.covers(resource):
        return plain, ""
    if stack.today > exemption.until:
        return plain, f" The exemption in {stack.file} ended on {exemption.until}."
    return "exempt", f" Exempt until {exemption.until} by {stack.file}: {exemption.because}"


def wrong(stack: Circumstances, found: Sequence[Finding], *, whole: bool) -> Iterator[Finding]:
    """Exemptions from what is no rule, those that have ended, and, of the `whole` stack, those that nothing needs."""
    for name, exemption in stack.exemptions.items():
        if name not in NAMES:
            said = f"there is no rule `{name}`.{did_you_mean(name, NAMES)} docs/policy.md lists them"
            yield _of_file(stack, "mandatory", name, said)
        elif whole:
            needed = {each.resource for each in found if each.policy == name}
            ended = f"it ended on {exemption.until}, and " if stack.today > exemption.until else ""
            if idle := _unneeded(exemption, needed):
                yield _of_file(stack, "advisory", name, f"{ended}{idle}")


def _unneeded(exemption: Exemption, needed: Collection[str]) -> str | None:
    """What of an exemption could go: the line, or some of the names in it; `needed` are the resources in question."""
    if not any(map(exemption.covers, needed)):
        return "nothing needs it: remove the line"
    idle = [each for each in exemption.resources if each not in needed]
    return f"nothing needs it of {', '.join(idle)}: remove that from its `resources`" if idle else None


def _of_file(stack: Circumstances, level: Level, name: str, said: str) -> Finding:
    return Finding(policy=EXEMPTIONS, level=level, resource=stack.file, message=f"{KEY}.{name}: {said}")
