"""Which direction is better is known from a metric's name, or not at all."""

import pytest

from model_ops.versions.metrics import MetricChange, direction


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("report_hit_rate_at_1", "higher"),
        ("report_mean_reciprocal_rank", "higher"),
        ("val_accuracy", "higher"),
        ("f1-score", "higher"),
        ("report_latency_p50_ms", "lower"),
        ("rmse", "lower"),
        ("training.loss", "lower"),
        ("error_score", None),
        ("tokens", None),
        ("mapper", None),
        ("", None),
    ],
)
def test_the_words_of_a_name_tell_the_direction(name: str, wanted: str | None) -> None:
    assert direction(name) == wanted


@pytest.mark.parametrize(
    ("name", "first", "second", "verdict"),
    [
        ("accuracy", 0.8, 0.9, "better"),
        ("accuracy", 0.9, 0.8, "worse"),
        ("loss", 0.9, 0.8, "better"),
        ("loss", 0.8, 0.9, "worse"),
        ("tokens", 1.0, 2.0, "changed"),
        ("tokens", 1.0, 1.0, "same"),
        ("loss", None, 1.0, "only in the second"),
        ("loss", 1.0, None, "only in the first"),
    ],
)
def test_a_change_is_judged_by_the_direction(
    name: str, first: float | None, second: float | None, verdict: str
) -> None:
    assert MetricChange(name=name, first=first, second=second).verdict == verdict
