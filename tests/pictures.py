"""What a report is made of, as the tests of its page know it; and names that try to be more than names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from model_ops.checks.report import Check
from model_ops.report.picture import (
    Attempt,
    ByHand,
    Metric,
    ModelPicture,
    Origin,
    Period,
    Picture,
    Rollout,
    StackPicture,
    VersionEntry,
)
from model_ops.review.facts import Evidence, VersionFacts
from model_ops.review.facts import Metric as Compared
from model_ops.review.review import ModelReview, Move, Pinned, Problem, Review, StackReview, Verdict
from model_ops.served import Canary

MADE = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOSTILE = '<img src=x onerror="window.ran=1"></title></svg><script>window.ran=1</script>\'{{7*7}}$x$\u202e\x1b[31m'
"""Markup, a script, a template, mathematics, turned text and what colours a terminal."""
WORKSPACE = "https://adb-1.7.azuredatabricks.net"


def picture(word: str = "chatbot") -> Picture:
    """A report of one stack that was asked and one that was not; `word` is in every text that others write."""
    return Picture(
        made=MADE,
        since=MADE - timedelta(days=90),
        stacks=(stack(word), StackPicture(name="prod", problem=f"Stack prod cannot be asked: {word}")),
        between=(f"{word}: test pins version 7, prod version 6, from different training runs",),
    )


def stack(word: str) -> StackPicture:
    return StackPicture(
        name="test",
        workspace=WORKSPACE,
        models=(model(word),),
        rollouts=(rollout(word, 2, "failed"), rollout(word, 1, "succeeded")),
        by_hand=(ByHand(model=word, what=f"endpoint {word}: tags", deployed=word, found=word, by=word, at=MADE),),
        remarks=(f"not seen: {word}",),
    )


def model(word: str) -> ModelPicture:
    return ModelPicture(
        name=word,
        full_name=f"test.rag.{word}",
        endpoint=word,
        in_file=8,
        pinned=7,
        warm=(6, 7),
        cold=(6,),
        canary=Canary(version=8, percent=10),
        serving="version 7 (90 %), version 8 (10 %)",
        ready="READY",
        as_pinned=True,
        drift=(f"the file pins 8: make up STACK={word}",),
        periods=(period(word, 6, 0, 4), period(word, 7, 4, None)),
        versions=tuple(version(word, number) for number in (8, 7, 6)),
        origins=(origin(word), Origin(version=6, created=None, created_by="", broken=f"gone: {word}")),
        metrics=(Metric(name=f"{word}_hit_rate", direction="higher", points=((6, 0.71), (7, 0.8), (8, 0.82))),),
        remarks=(f"the lineage of {word}",),
    )


def period(word: str, number: int, first: int, last: int | None) -> Period:
    return Period(
        version=number,
        since=MADE - timedelta(days=9 - first),
        until=None if last is None else MADE - timedelta(days=9 - last),
        lasted="4 d",
        canary=None if last else Canary(version=8, percent=10),
        commit="0123456789abcdef",
        subject=f"Pin {word}",
        author=word,
        approved_by=word,
        attempts=(Attempt(at=MADE - timedelta(days=8 - first), wanted=f"version 9 of {word}", result="failed"),),
    )


def version(word: str, number: int) -> VersionEntry:
    return VersionEntry(
        number=number,
        status="READY",
        roles=("pinned",),
        traffic=90,
        aliases=(word,),
        created=MADE,
        created_by=word,
        run_name=word,
        metrics={f"{word}_hit_rate": 0.5},
    )


def origin(word: str) -> Origin:
    return Origin(
        version=7,
        created=MADE,
        created_by=word,
        run_id="0" * 32,
        run_name=word,
        experiment=f"/Shared/{word}",
        data=(f"{word} (abc)",),
        commit="fedcba9876543210",
        repository=word,
        promoted_from=word,
        links={"version": f"{WORKSPACE}/v/7", "run": "javascript:window.ran=1", "experiment": "http://evil.example/"},
    )


def rollout(word: str, number: int, result: str) -> Rollout:
    return Rollout(
        number=number,
        kind="update",
        result=result,
        started=MADE - timedelta(days=number),
        ended=MADE,
        seconds=62.0,
        took="1 min 2 s",
        pins=(f"{word}: version 6 → version 7",),
        changes="1 update, 12 same",
        message=f"Pin {word}",
        commit="0123456789abcdef",
    )


def review(word: str = "chatbot") -> Review:
    """A review of one model of one stack; `word` is in every text that others write."""
    verdict = Verdict(level="refused", reasons=(f"version 7 of {word} is refused",))
    pins = [Pinned(full_name=f"test.rag.{word}", endpoint=word, version=number) for number in (6, 7)]
    changed = ModelReview(
        name=word,
        before=pins[0],
        after=pins[1],
        moves=(Move(kind="roll forward", sentence=f"from 6 to 7 of {word}", before="6", after="7"),),
        evidence=(evidence(word),),
    )
    problem = Problem(title=f"a check of {word} fails", words=f"{word}\nsecond line", mend=f"model-ops pin {word}")
    test = StackReview(
        name="test",
        state="changed",
        verdict=verdict,
        file="Pulumi.test.yaml",
        models=(changed,),
        problems=(problem,),
    )
    return Review(base=word, head="0123456789abcdef", verdict=verdict, stacks=(test,), remarks=(word,))


def evidence(word: str) -> Evidence:
    facts = [
        VersionFacts(number=number, status="READY", created=MADE, description=word, run_name=word, run_id="0" * 32)
        for number in (6, 7)
    ]
    return Evidence(
        was=facts[0],
        to=facts[1],
        checks=(Check(name="loads", outcome="failed", found=word, mend=word),),
        metrics=(Compared(name=f"{word}_hit_rate", before=0.8, after=0.4, verdict="worse"),),
    )
