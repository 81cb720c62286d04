"""A review of one rollback, with as much in it as there can be; every text of others can be chosen."""

from __future__ import annotations

from datetime import UTC, datetime

from model_ops.checks.report import Check
from model_ops.review import facts, verdict
from model_ops.review.review import (
    Infrastructure,
    InfrastructureChange,
    ModelReview,
    Move,
    PathChange,
    Pinned,
    PolicyFinding,
    Problem,
    Review,
    SettingChange,
    StackReview,
    Unseen,
    Verdict,
)
from model_ops.signatures.change import Change

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def pinned(version: int) -> Pinned:
    return Pinned(full_name="prod.rag.bot", endpoint="bot", version=version)


def evidence(said: str = "x") -> facts.Evidence:
    return facts.Evidence(
        to=facts.VersionFacts(
            number=6, url="https://host/6", description=said, created_by=said, run_id=said, run_name=said
        ),
        was=facts.VersionFacts(
            number=7, url="https://host/7", aliases=(said,), run_id=said, run_url=f"https://host/{said}"
        ),
        readiness="warm",
        past=(facts.Service(version=6, since=THEN, until=THEN, lasted="3 d", proven=True),),
        checks=(Check(name="exists", outcome="passed", found=said),),
        signature=facts.SignatureVerdict(
            level="widened",
            changes=(Change(side="inputs", path=said, kind="added", old=None, new=said, level="widened"),),
        ),
        metrics=(facts.Metric(name=said, before=0.5, after=0.7, verdict="better"),),
        dependencies=(facts.Difference(name=said, before=said, after=None),),
    )


def model(said: str = "x", name: str = "bot") -> ModelReview:
    return ModelReview(
        name=name,
        before=pinned(7),
        after=pinned(6),
        moves=(Move(kind="rollback", sentence="it served before", before="7", after="6"),),
        evidence=(evidence(said),),
        settings=(SettingChange(path=said, before=said, after=said),),
    )


def infrastructure(said: str = "x") -> Infrastructure:
    change = InfrastructureChange(
        operation="replace",
        kind="serving endpoint",
        type="t",
        name=said,
        paths=(PathChange(path=said, before=said, after=said),),
    )
    policy = PolicyFinding(policy=said, level="advisory", message=said, resource=said)
    return Infrastructure(changes=(change,), same=3, policies=(policy,))


def stack(said: str = "x", name: str = "prod", models: tuple[ModelReview, ...] | None = None) -> StackReview:
    found = StackReview(
        name=name,
        state="changed",
        verdict=Verdict(level="nothing"),
        file="Pulumi.prod.yaml",
        rehearsed=said,
        models=(model(said, said),) if models is None else models,
        problems=(Problem(title=f"version 6 of {said} may not be served here", words=said, mend=said),),
        infrastructure=infrastructure(said),
        unseen=(Unseen(what=said, why=said),),
    )
    return StackReview(**{**vars(found), "verdict": verdict.of_stack(found)})


def review(*stacks: StackReview, said: str = "x") -> Review:
    return verdict.whole(said, "0123456789abcdef", stacks or (stack(said), stack(said, "test")), (said,))
