from __future__ import annotations

import json

import pytest

from sandbox.serving.errors import ApiError
from sandbox.serving.gateway import Limit
from sandbox.serving.rate_limiter import RateLimiter
from sandbox.serving.rate_window import RateWindow


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def passes(limiter: RateLimiter, request: bytes = b"") -> bool:
    try:
        limiter.admit(request)
    except ApiError:
        return False
    return True


def test_a_minute_after_the_first_call_there_is_room_for_one_more(clock):
    limiter = RateLimiter("chat", (Limit(key="endpoint", calls=2),), clock=clock)
    assert passes(limiter)
    clock.now += 30
    assert [passes(limiter) for _ in range(3)] == [True, False, False]
    clock.now += 30
    assert [passes(limiter) for _ in range(2)] == [True, False]
    clock.now += 60
    assert [passes(limiter) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(("key", "whom"), [("endpoint", "endpoint"), ("user", "user"), ("user_group", "user group")])
def test_a_refusal_says_which_limit_it_was_and_when_to_come_back(clock, key, whom):
    limiter = RateLimiter("chat", (Limit(key=key, calls=1),), clock=clock)
    limiter.admit(b"")
    clock.now += 20
    with pytest.raises(ApiError) as refusal:
        limiter.admit(b"")
    rate = f"Requests-per-minute (RPM) rate limit exceeded for {whom}"
    assert refusal.value.message == f"User defined rate limit(s) exceeded for 'chat'. {rate}"
    assert refusal.value.headers == {"Retry-After": "40"}


def test_of_several_limits_the_narrowest_holds(clock):
    limiter = RateLimiter("chat", (Limit(key="endpoint", calls=5), Limit(key="user", calls=1)), clock=clock)
    assert [passes(limiter) for _ in range(2)] == [True, False]


def test_calls_and_tokens_may_be_limited_apart(clock):
    limits = (Limit(key="endpoint", calls=2), Limit(key="endpoint", tokens=1000))
    limiter = RateLimiter("chat", limits, clock=clock)
    assert [passes(limiter) for _ in range(3)] == [True, True, False]


def test_a_refused_request_counts_for_no_limit(clock):
    endpoint = Limit(key="endpoint", calls=2)
    limiter = RateLimiter("chat", (endpoint, Limit(key="user", calls=1)), clock=clock)
    assert [passes(limiter) for _ in range(4)] == [True, False, False, False]
    wider = RateLimiter("chat", (endpoint, Limit(key="user", calls=9)), limiter.counts, clock)
    assert [passes(wider) for _ in range(2)] == [True, False]


def test_a_limit_of_nothing_lets_nothing_pass(clock):
    limiter = RateLimiter("chat", (Limit(key="endpoint", calls=0),), clock=clock)
    assert not passes(limiter)


def test_a_changed_limit_goes_on_counting_and_a_new_one_begins(clock):
    former = RateLimiter("chat", (Limit(key="endpoint", calls=9),), clock=clock)
    for _ in range(3):
        former.admit(b"")
    limits = (Limit(key="endpoint", calls=4), Limit(key="user", calls=4))
    changed = RateLimiter("chat", limits, former.counts, clock)
    assert [passes(changed) for _ in range(2)] == [True, False]


def test_tokens_are_estimated_from_what_is_said_and_answered(clock):
    limiter = RateLimiter("chat", (Limit(key="user", tokens=100),), clock=clock)
    limiter.admit(b"q" * 199)  # 50
    limiter.answered(b"q" * 199, b"a" * 195)  # 49
    assert passes(limiter, b"q" * 3)  # 1
    with pytest.raises(ApiError, match=r"Tokens-per-minute \(TPM\)"):
        limiter.admit(b"q" * 4)


def test_tokens_that_the_model_states_count_instead_of_the_estimate(clock):
    limiter = RateLimiter("chat", (Limit(key="user", tokens=100),), clock=clock)
    answer = json.dumps({"usage": {"total_tokens": 99}, "text": "a" * 4000}).encode()
    limiter.admit(b"q" * 199)
    limiter.answered(b"q" * 199, answer)
    assert [passes(limiter, b"q" * 8) for _ in range(2)] == [True, False]


@pytest.mark.parametrize("answer", [b'{"total_tokens": 1', b'{"usage": {"total_tokens": "x"}}', b'["total_tokens"]'])
def test_an_answer_that_states_nothing_sensible_is_estimated(clock, answer):
    limiter = RateLimiter("chat", (Limit(key="user", tokens=len(answer) // 4),), clock=clock)
    limiter.answered(b"", answer)
    assert not passes(limiter)


def test_a_window_keeps_no_more_than_its_seconds():
    window = RateWindow()
    for tenth in range(10_000):
        window.add(tenth / 10, 1)
        window.total(tenth / 10)
    assert window.total(999.9) == 600
    assert len(window._amounts) <= 60
