from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sandbox.serving.traffic import Split


def test_nothing_is_chosen_where_nothing_takes_traffic():
    assert Split.of([]).choose(0.5) is None
    assert Split.of([("a", 0)]).choose(0.5) is None


def test_shares_are_exact_over_evenly_spread_points():
    split = Split.of([("a", 90), ("standby", 0), ("b", 10)])
    chosen = Counter(split.choose(point / 1000) for point in range(1000))
    assert chosen == {"a": 900, "b": 100}


@given(
    st.lists(st.integers(0, 100), min_size=1, max_size=15).filter(any),
    st.floats(0, 1, exclude_max=True),
)
def test_a_target_with_a_share_is_always_chosen_and_never_one_without(weights, point):
    split = Split.of(enumerate(weights))
    assert weights[split.choose(point)] > 0
