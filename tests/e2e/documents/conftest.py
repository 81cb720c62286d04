"""One checkout in which the pages are played, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from model_ops.commands import SANDBOX_VARIABLE
from sandbox import lifecycle
from sandbox.home import Home
from tests.documents.checkout import checkout
from tests.documents.story import Story

PIN = re.compile(r"^ +servedVersion: .*\n(?: +#.*\n)*", re.MULTILINE)
"""The line of a pin, with what is said of it below."""


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with checkout(tmp_path_factory.mktemp("story") / "rollpin") as directory:
        yield Story("checkout", directory)


@dataclass
class Rehearsal(Story):
    """What happens on a sandbox that stands for the workspace of whatever stack is named."""

    @property
    def home(self) -> Home:
        """The sandbox."""
        return Home(self.directory / ".sandbox/prod")

    def environment(self, command: str) -> dict[str, str]:
        """Be signed in there, as somebody who trains is in the workspace."""
        signed_in = {"DATABRICKS_HOST": self.home.url, "DATABRICKS_TOKEN": self.home.token}
        return {**super().environment(command), **signed_in, SANDBOX_VARIABLE: str(self.home.root)}


@pytest.fixture
def first(story: Story) -> Iterator[Rehearsal]:
    """The same checkout before the first deployment of prod: nothing is registered, and nothing is pinned."""
    rehearsal = Rehearsal("first deployment", story.directory)
    file = story.directory / "Pulumi.prod.yaml"
    pinned = file.read_text()
    file.write_text(PIN.sub("", pinned, count=1))
    lifecycle.start(rehearsal.home)
    yield rehearsal
    lifecycle.stop(rehearsal.home)
    file.write_text(pinned)
