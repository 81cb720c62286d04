"""Which versions of which models a change raises questions about."""

from __future__ import annotations

from collections.abc import Iterator

from model_ops.deployed import DeployedStack
from model_ops.review.review import Pinned
from model_ops.served import Canary
from model_ops.target import TargetModel


def target_model(name: str, pinned: Pinned, stack: DeployedStack) -> TargetModel:
    """The model as it is deployed; of one that is not, as the file names it."""
    if deployed := stack.target.models.get(name):
        return deployed
    canary = Canary(version=pinned.canary, percent=pinned.percent or 0) if pinned.canary else None
    return TargetModel(
        name=name,
        full_name=pinned.full_name,
        endpoint_name=pinned.endpoint,
        endpoint_url=None,
        pinned_version=None,
        warm_versions=pinned.warm,
        canary=canary,
        run_id=None,
        experiment_name="",
    )


def versions_to_ask(before: Pinned | None, after: Pinned | None) -> Iterator[int]:
    """Each version that the change newly pins, tries as a canary or keeps ready, the pin first."""
    if after is None or after.retired:
        return
    had = before.deployed if before else ()
    if after.version is not None and (before is None or after.version != before.version or before.retired):
        yield after.version
    for number in after.deployed:
        if number not in had and number != after.version:
            yield number


def as_deployed(model: TargetModel) -> Pinned:
    """What a deployed stack pins of a model, as a side of a change."""
    return Pinned(
        full_name=model.full_name,
        endpoint=model.endpoint_name,
        version=model.pinned_version,
        warm=tuple(sorted(model.warm_versions)),
        canary=model.canary.version if model.canary else None,
        percent=model.canary.percent if model.canary else None,
        retired=model.retired is not None,
    )
