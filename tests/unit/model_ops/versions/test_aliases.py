"""What a verified rollout does to the aliases, and which names are none."""

import pytest

from model_ops.errors import PlanError
from model_ops.served import Canary
from model_ops.target import TargetModel
from model_ops.versions.aliases import check_name, moves_after_rollout


def model(pinned: int | None, canary: Canary | None = None) -> TargetModel:
    return TargetModel(
        name="bot",
        full_name="prod.rag.bot",
        endpoint_name="bot",
        endpoint_url=None,
        pinned_version=pinned,
        warm_versions=(),
        canary=canary,
        run_id=None,
        experiment_name="/Shared/x",
    )


@pytest.mark.parametrize(
    ("pinned", "canary", "held", "moves"),
    [
        (7, None, {}, {"champion": 7}),
        (7, None, {"champion": 6}, {"champion": 7, "previous": 6}),
        (7, None, {"champion": 7, "previous": 6}, {}),
        (6, None, {"champion": 7, "previous": 6}, {"champion": 6, "previous": 7}),
        (7, Canary(version=8, percent=10), {"champion": 7}, {"challenger": 8}),
        (8, None, {"champion": 7, "challenger": 8}, {"previous": 7, "challenger": None, "champion": 8}),
        (7, None, {"champion": 7, "challenger": 5}, {}),
        (None, None, {"champion": 7}, {}),
    ],
)
def test_champion_follows_the_pin_and_previous_follows_champion(
    pinned: int | None, canary: Canary | None, held: dict[str, int], moves: dict[str, int | None]
) -> None:
    assert moves_after_rollout(model(pinned, canary), held) == moves


@pytest.mark.parametrize("name", ["latest", "LATEST", "7", "v7", "V12", "", "a b", "a.b", "-a", "7th"])
def test_a_name_that_reads_like_a_version_or_is_none_is_refused(name: str) -> None:
    with pytest.raises(PlanError, match="is no name for an alias"):
        check_name(name)


@pytest.mark.parametrize("name", ["champion", "challenger", "previous", "vip", "v7-candidate"])
def test_a_name_is_a_name(name: str) -> None:
    check_name(name)
