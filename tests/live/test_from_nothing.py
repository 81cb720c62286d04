"""A platform made in Azure from nothing, served from, rolled back, and taken down again: what no double can prove.

It takes about an hour, and costs what the resources cost for so long. `make live STACK=… FROM_NOTHING=1`, with a stack
that is there for this alone; docs/platform.md has its file. In this order; what fails ends it, and takes all down.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.live.live_stack import LiveStack

pytestmark = [
    pytest.mark.live,
    pytest.mark.timeout(7200),
    pytest.mark.skipif(
        not os.environ.get("ROLLPIN_LIVE_FROM_NOTHING"), reason="it makes a platform: FROM_NOTHING=1 says so"
    ),
]


@pytest.fixture(scope="module")
def stack() -> Iterator[LiveStack]:
    """The stack, of which nothing is there yet, with its file as it is; whatever is made goes."""
    stack = LiveStack(os.environ["ROLLPIN_LIVE_STACK"])
    if why := stack.unfit():
        pytest.exit(f"{stack.file.name} is no stack for this: {why} (docs/platform.md)", returncode=1)
    text = stack.file.read_bytes()
    stack.run("pulumi", "stack", "select", "--create", stack.name)
    yield stack
    stack.file.write_bytes(text)
    stack.run("pulumi", "destroy", "--stack", stack.name, "--yes", "--non-interactive")


@pytest.fixture(autouse=True)
def unbroken(request: pytest.FixtureRequest) -> None:
    """Leave out what comes after a test that failed: each stands upon the one before."""
    if request.session.testsfailed:
        pytest.skip("a step before it failed")


def test_from_nothing_the_first_up_makes_all_but_the_endpoint(stack: LiveStack) -> None:
    assert set(stack.planned()) == {"create"}
    stack.make("up")

    assert stack.planned() == {}


def test_the_storage_lets_serverless_compute_in(stack: LiveStack) -> None:
    assert stack.admit_serverless() == (2 if stack.create.private else 0)


def test_a_version_is_registered_pinned_and_proven(stack: LiveStack) -> None:
    stack.register()
    stack.model_ops("pin", "1", "--no-load", "--yes")
    stack.make("up")

    assert "version 1" in stack.model_ops("verify")


def test_a_rollback_is_exactly_one_update_and_is_proven(stack: LiveStack) -> None:
    stack.model_ops("pin", "2", "--no-load", "--yes")
    stack.make("up")
    stack.model_ops("rollback", "--to", "1", "--no-load", "--yes")

    assert stack.planned() == {"update": 1}
    stack.make("up")
    assert "version 1" in stack.model_ops("verify")


def test_azure_and_databricks_fill_in_nothing_that_looks_like_drift(stack: LiveStack) -> None:
    stack.run("pulumi", "refresh", "--stack", stack.name, "--yes", "--non-interactive", "--expect-no-changes")

    assert stack.planned() == {}
