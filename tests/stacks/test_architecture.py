"""The diagrams of docs/architecture.md are those of the stacks as the program makes them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from infra.settings.load import load
from tests.stacks.diagram import diagram
from tests.stacks.recorded import PROJECT, PROJECTS, WORKSPACE_URL, Stack, version

PAGE = PROJECT / "docs" / "architecture.md"
SHOWN = r"<!-- shows: tests/stacks/test_architecture\.py -->\n```mermaid\n%% {stack}\n(.*?)```"
"""A diagram on the page, which says in its first line of which stack it is."""

Run = Callable[..., Stack]


def made(run: Run, stack: str) -> Stack:
    """Run a stack of the tests' project, in whose registry is each version that it deploys."""
    models = load(PROJECTS / f"Pulumi.{stack}.yaml", stack).models
    versions = {
        model.full_name(name): [version(number) for number in range(1, max(model.versions) + 1)]
        for name, model in models.items()
        if model.versions
    }
    return run(stack, versions, project=PROJECTS, host="" if stack == "prod" else f"https://{WORKSPACE_URL}")


@pytest.mark.parametrize("stack", ["prod", "serverless", "classic", "prod-platform", "prod-serving"])
def test_the_page_shows_the_stack_as_it_is_made(run: Run, request: pytest.FixtureRequest, stack: str) -> None:
    found, text = diagram(made(run, stack)), PAGE.read_text()
    shown = re.search(SHOWN.format(stack=stack), text, re.DOTALL)
    assert shown, f"docs/architecture.md shows no stack {stack}"
    if request.config.getoption("--write-expected"):
        PAGE.write_text(text[: shown.start(1)] + found + text[shown.end(1) :])
    else:
        assert shown[1] == found, "to draw it anew: make docs"


@pytest.mark.parametrize("stack", ["serverless", "classic"])
def test_a_stack_that_is_made_in_another_order_is_drawn_the_same(run: Run, stack: str) -> None:
    stack_made = made(run, stack)
    drawn = diagram(stack_made)
    stack_made.resources.reverse()
    assert diagram(stack_made) == drawn
