"""Findings become verdicts: what refuses, what a stack is exempt from and until when, what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from policy.circumstances import Circumstances, Exemption
from policy.finding import Finding, refusing
from policy.judgement import judge
from policy.resource import UNKNOWN
from tests.unit.policy.wanted import PRODUCTION, TODAY, endpoint, entity, removal

SLEEPING = endpoint(entity(scaleToZeroEnabled=True))


def exempt(until: date = TODAY, rule: str = "production-never-sleeps", *resources: str) -> Circumstances:
    exemption = Exemption(until=until, because="the pilot sleeps at night", resources=resources)
    return replace(PRODUCTION, exemptions={rule: exemption})


def judged(stack: Circumstances, *things: Any, **more: Any) -> list[Finding]:
    return list(judge(things or [SLEEPING], [], stack, **more))


def test_a_sound_stack_has_no_findings() -> None:
    assert judged(PRODUCTION, endpoint()) == []


def test_what_a_rule_refuses_says_what_why_and_what_to_type() -> None:
    (finding,) = judged(PRODUCTION)
    assert finding.refuses
    assert str(finding) == (
        "policy production-never-sleeps: refused: bot-endpoint: served entity bot-v7 scales to zero. "
        "The first request after a pause would wait for a machine: write `scaleToZero: false`."
    )


def test_an_exemption_holds_on_its_last_day_and_is_told() -> None:
    (finding,) = judged(exempt(TODAY))
    assert finding.level == "exempt"
    assert "Exempt until 2026-11-28 by Pulumi.prod.yaml: the pilot sleeps at night" in finding.message


def test_from_the_day_after_the_rule_refuses_again_and_says_why() -> None:
    (finding,) = judged(exempt(TODAY - timedelta(days=1)))
    assert finding.refuses
    assert "The exemption in Pulumi.prod.yaml ended on 2026-11-27." in finding.message


def test_an_exemption_is_for_the_resources_that_it_names_alone() -> None:
    of_this, of_another = (
        exempt(TODAY, "production-never-sleeps", name) for name in ("bot-endpoint", "other-endpoint")
    )
    assert refusing(judged(of_this)) == ()
    assert len(refusing(judged(of_another))) == 1


def test_an_exemption_from_what_is_no_rule_refuses() -> None:
    found = refusing(judged(exempt(TODAY, "production-never-sleep"), endpoint()))
    assert ["Did you mean production-never-sleeps?" in each.message for each in found] == [True]


def test_an_exemption_that_nothing_needs_is_told_of_a_whole_stack_alone() -> None:
    (finding,) = judged(exempt(), endpoint())
    assert (finding.level, finding.policy) == ("advisory", "exemptions")
    assert "nothing needs it: remove the line" in finding.message
    assert judged(exempt(), endpoint(), whole=False) == []


def test_a_resource_of_an_exemption_that_does_not_need_it_is_told() -> None:
    exempt_one, advice = judged(exempt(TODAY, "production-never-sleeps", "bot-endpoint", "bot-endpiont"))
    assert (exempt_one.level, advice.level) == ("exempt", "advisory")
    assert "nothing needs it of bot-endpiont: remove that from its `resources`" in advice.message


def test_what_cannot_be_told_is_said_and_refuses_nothing() -> None:
    (finding,) = judged(PRODUCTION, endpoint(entity(scaleToZeroEnabled=sorted(UNKNOWN)[0])))
    assert finding.level == "unknown"
    assert "`config.servedEntities[0].scaleToZeroEnabled` is not known" in finding.message


def test_what_refuses_comes_first() -> None:
    found = judge([endpoint(entity(scaleToZeroEnabled=sorted(UNKNOWN)[0]))], [removal(endpoint())], PRODUCTION)
    assert [each.level for each in found] == ["mandatory", "unknown"]
