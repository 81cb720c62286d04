"""The proof in the `up`, on the real engine: a provider that reports success for an update that it never sent.

It is the stand-in but for one thing: it answers an update of an endpoint as it answers a preview of one, that is with
what was asked for and without a call of the workspace.
"""

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.stand_in.executable import NAME
from model_ops.pinning import pins
from model_ops.proving.answer import ask, bearer
from tests.e2e.engine.local_stack.deployed_stack import MODEL, SOURCE, Rehearsal

SAID = (
    "is pinned, but",
    "serves version 2",
    "version 1 is not in the active config",
    "type next: to stay on version 2",
)
LIE = """\
import sys
from pathlib import Path

from engine.stand_in.server import main
from engine.stand_in.resources import MODEL_SERVING, find
from engine.stand_in.provider import StandIn

honest = StandIn.update


async def update(self, request):
    if find(request.type) is MODEL_SERVING and not request.preview:
        request.preview = True
        Path(__file__).with_name("lied").touch()
    return await honest(self, request)


StandIn.update = update
main(sys.argv[1:])
"""


@pytest.fixture
def serving(rehearsal: Rehearsal) -> Iterator[Rehearsal]:
    """Version 2 pinned, deployed and proven."""
    rehearsal.settle(2)
    text = rehearsal.file.read_text()
    yield rehearsal
    rehearsal.file.write_text(text)


@pytest.fixture
def liar(tmp_path: Path) -> Path:
    """A directory with a provider that lies, under the name by which the engine finds it on the PATH."""
    lie, plugin = tmp_path / "lie.py", tmp_path / NAME
    lie.write_text(LIE)
    command = f"PYTHONPATH={shlex.quote(str(SOURCE))} exec {shlex.quote(sys.executable)} -P {shlex.quote(str(lie))}"
    plugin.write_text(f'#!/bin/sh\n{command} "$@"\n')
    plugin.chmod(0o755)
    return tmp_path


def answering(rehearsal: Rehearsal) -> int | None:
    url = f"{rehearsal.home.url}/serving-endpoints/{rehearsal.endpoint}/invocations"
    return ask(url, bearer(rehearsal.home.token), "What is a pin?").version


def test_an_update_that_was_never_sent_fails_the_up_and_an_honest_one_then_sends_it(
    serving: Rehearsal, liar: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pins.pin(serving.file, MODEL, 1)
    path = os.pathsep.join([str(liar), serving.stack.environment["PATH"]])
    with monkeypatch.context() as patch:
        patch.setitem(serving.stack.environment, "PATH", path)
        failed = serving.stack.run("up")
    assert (liar / "lied").exists()
    assert failed.error is not None
    assert [words for words in SAID if words not in failed.error] == []
    assert "Traceback" not in failed.error
    assert answering(serving) == 2
    sent = serving.stack.run("up")
    assert (sent.error, sent.changes["update"]) == (None, 1)
    assert (serving.verdict().served, answering(serving)) == (True, 1)
