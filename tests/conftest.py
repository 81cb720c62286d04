"""How the suite runs in several processes: what shares a sandbox stays in one of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from model_ops.commands import SANDBOX_VARIABLE
from model_ops.imports import uncollected
from sandbox.serving.owner import ENDS_WITH
from tests import crashes

SHARING = (
    "tests/e2e/rehearsal/",
    "tests/e2e/engine/local_stack/",
    "tests/e2e/delivery/",
    "tests/e2e/model_ops/",
    "tests/e2e/documents/",
    "tests/e2e/model_ops/scoring/",
    "tests/e2e/engine/stand_in/",
    "tests/e2e/azure/",
    "tests/e2e/sandbox/workspace/",
    "tests/e2e/examples/",
    "tests/e2e/signatures/",
    "tests/stacks/",
    "tests/unit/examples/",
)
"""Directories whose tests share what takes long to make, the longest first; elsewhere each file is for itself.

The demo is one long test, and xdist hands a process that has no more than two tests left the next room at once: with
three processes that is the fourth here, which is not one of the longest.
"""

ALIKE = {"tests/unit/infra/serving/": "tests/stacks/", "tests/unit/azure/": "tests/stacks/"}
"""What imports the same packages for seconds as a directory above goes where that goes."""


@pytest.hookimpl(trylast=True)  # after the plugin that listens for crashes itself
def pytest_configure(config: pytest.Config) -> None:
    """Give the processes that run the tests a main module, and the commands of this environment by their names."""
    os.environ.pop(SANDBOX_VARIABLE, None)
    if not hasattr(config, "workerinput"):
        # A sandbox is detached, and a run that is interrupted stops none: each ends by itself with the run.
        os.environ[ENDS_WITH] = str(os.getpid())
    # How fast examples are made is the machine's, and that of what else runs on it.
    settings.register_profile("rollpin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("rollpin")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    if hasattr(config, "workerinput"):
        # PySpark takes a process whose main module is no file for a run of its doctests, and exits.
        sys.modules["__main__"].__file__ = str(Path(pytest.__file__).with_name("__main__.py"))
        crashes.listen(config)
    else:
        config.pluginmanager.register(crashes.Crashes())


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the comments that the tests of the delivery expect be written anew."""
    parser.addoption("--write-expected", action="store_true", help="write what is expected anew, from what is found")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage in what the tests import."""
    with uncollected():
        return (yield)


class Rooms(LoadScopeScheduling):
    """Gives each process one room of tests after the other."""

    def _split_scope(self, nodeid: str) -> str:
        return _shared(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Rooms:
    """Keep together what shares a sandbox."""
    return Rooms(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left with it in the end."""
    rank = {shared: number for number, shared in enumerate(SHARING)}
    items.sort(key=lambda item: rank.get(_shared(item.nodeid), len(rank)))


def _shared(nodeid: str) -> str:
    path = nodeid.partition("::")[0]
    path = next((room for start, room in ALIKE.items() if path.startswith(start)), path)
    return max((shared for shared in SHARING if path.startswith(shared)), key=len, default=path)
