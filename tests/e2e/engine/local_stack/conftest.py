"""One sandbox with a deployed local stack and trained versions, for all tests of the engine."""

from collections.abc import Iterator

import pytest

from engine import principals, project_copy, pulumi_cli
from engine.local_stack import LocalStack
from sandbox import lifecycle
from sandbox.home import Home
from tests.e2e.engine import versions
from tests.e2e.engine.local_stack.deployed_stack import MODEL, SOURCE, STACK_FILE, Rehearsal


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    home = Home(tmp_path_factory.mktemp("stack") / "home")
    lifecycle.start(home)
    try:
        directory = project_copy.copy(SOURCE, home.root / "project", STACK_FILE)
        stack = LocalStack(home, directory, pulumi_cli.find(), print)
        principals.introduce(home, principals.named(directory))
        first = stack.run("up")
        assert first.error is None
        versions.register(home, stack.target().models[MODEL].full_name)
        yield Rehearsal(home, stack)
    finally:
        lifecycle.stop(home)
