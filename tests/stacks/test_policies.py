"""Every stack as the program makes it is held against the policies, and the policies know all that it makes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from model_ops.review.kinds import in_words
from policy.judgement import judge
from policy.naming_rules import NAMED, TAGGED
from policy.removal_rules import nothing_kept_is_lost
from policy.resource import Resource
from policy.stack import circumstances
from tests.stacks.recorded import Stack

PROJECT = Path(__file__).parent / "projects"

Run = Callable[..., Stack]


@pytest.fixture(scope="module", params=["classic", "serverless", "prod-platform"])
def made(request: pytest.FixtureRequest, run_once: Run) -> Stack:
    return run_once(request.param, project=PROJECT)


def resources(made: Stack) -> list[Resource]:
    return [Resource(type=each.type, name=each.name, inputs=each.inputs) for each in made.custom]


def names(resource: Resource) -> set[str]:
    """The inputs that may name it: one is called like its kind."""
    own = resource.kind.rsplit(":", 1)[-1].lower() + "name"
    return {name for name in resource.inputs if name == "name" or name.lower() == own}


@pytest.mark.parametrize("stack", ["classic", "serverless", "prod-platform"])
def test_the_policies_refuse_nothing_of_what_the_program_makes(run: Run, stack: str) -> None:
    found = judge(resources(run(stack, project=PROJECT)), [], circumstances(PROJECT, stack))
    assert [str(each) for each in found if each.level != "unknown"] == []


def test_the_policies_know_all_that_takes_tags(made: Stack) -> None:
    assert {each.kind for each in resources(made) if "tags" in each.inputs} <= set(TAGGED)


def test_the_policies_know_all_that_the_program_keeps(made: Stack) -> None:
    kept = {each.type for each in made.custom if each.retained}
    assert kept
    assert kept <= nothing_kept_is_lost.kinds


def test_a_review_has_words_for_all_that_the_program_makes(made: Stack) -> None:
    kinds = {each.kind for each in resources(made)}
    assert [kind for kind in kinds if in_words(kind) == kind.rpartition(":")[2]] == []


def test_the_policies_know_what_names_each_thing(made: Stack) -> None:
    assert [each.kind for each in resources(made) if names(each) and NAMED.get(each.kind) not in names(each)] == []
