"""Which versions may be proposed: never an older one, never one that the stack went back from."""

from __future__ import annotations

import pytest

from model_ops.proposing.candidates import Known, against, candidates
from model_ops.versions.version import Version


def version(number: int, status: str = "READY") -> Version:
    return Version(
        model="prod.rag.bot",
        number=number,
        status=status,
        created=None,
        changed=None,
        created_by="",
        changed_by="",
        run_id=None,
        run_workspace_id=None,
        source="",
        description="",
    )


def test_ready_versions_newer_than_the_pin_may_be_proposed_the_newest_first() -> None:
    found = [version(6), version(7), version(8), version(9), version(10, "PENDING_REGISTRATION")]

    assert candidates(found, Known(pinned=7)) == (9, 8)


def test_what_the_stack_went_back_from_is_not_proposed_again() -> None:
    known = Known(pinned=6, tried=frozenset({6, 7}))

    assert candidates([version(6), version(7), version(8)], known) == (8,)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (version(8, "FAILED_REGISTRATION"), "only a READY version serves"),
        (version(7), "it is pinned already"),
        (version(6), "going back is a rollback"),
        (version(9), "it is the canary"),
        (version(10), "the stack went back from it"),
    ],
)
def test_of_a_version_that_is_named_it_is_said_what_speaks_against_it(found: Version, why: str) -> None:
    assert why in (against(found, Known(pinned=7, canary=9, tried=frozenset({10}))) or "")
