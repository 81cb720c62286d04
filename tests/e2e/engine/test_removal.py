"""The command that a message about a secret names is one that the engine takes, and that takes the secret away."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from engine import pulumi_cli
from infra.settings.load import load
from infra.settings.mend import Either
from infra.settings.mistake import SettingsError

FILE = """\
# The test stack.
config:
  rollpin:protect: true   # never without it
  rollpin:tags:
    team: chatbot
    {key}: {{secure: v1:aaaaaaaaaaaaaaaa:aaaaaaaaaaaaaaaaaaaaaaaa}}
  rollpin:models:
    a: {{catalog: c, schema: s}}
"""


def told(file: Path) -> SettingsError:
    with pytest.raises(SettingsError) as refused:
        load(file, "test")
    return refused.value


@pytest.mark.parametrize("key", ["owner", "cost.centre"])
def test_a_secret_is_taken_out_by_the_command_in_its_message(tmp_path: Path, key: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: rollpin\nruntime: python\n")
    file = tmp_path / "Pulumi.test.yaml"
    places = {"PULUMI_BACKEND_URL": f"file://{tmp_path}", "PULUMI_HOME": str(tmp_path / "home")}
    environment = {**os.environ, **places, "PULUMI_CONFIG_PASSPHRASE": "x", "PULUMI_SKIP_UPDATE_CHECK": "true"}
    pulumi = str(pulumi_cli.find().command.command)
    subprocess.run([pulumi, "stack", "init", "test"], cwd=tmp_path, env=environment, check=True, capture_output=True)
    file.write_text(FILE.format(key=key) + file.read_text())
    (mistake,) = told(file).mistakes

    assert isinstance(mistake.mend, Either)
    command = [pulumi, *shlex.split(str(mistake.mend.first))[1:]]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)

    settings = load(file, "test")
    assert (settings.protect, settings.tags, [*settings.models]) == (True, {"team": "chatbot"}, ["a"])
