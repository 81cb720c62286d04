"""What a message tells its reader to type: complete for the stack, the model, the checkout and the sandbox."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from model_ops.commands import Commands, program

AT_HOME = Commands(stack="prod")
ELSEWHERE = Commands(stack="prod", project=Path("/srv/a checkout"))
DEMO = Commands(stack="local", home=Path("/srv/demo"))
SAID: dict[str, Callable[[Commands], str]] = {
    "up": lambda commands: commands.up,
    "preview": lambda commands: commands.engine("preview"),
    "verify": lambda commands: commands.verify,
    "sandbox": lambda commands: commands.sandbox,
    "file": lambda commands: commands.file,
    "rollback": lambda commands: commands.model_ops("rollback", "--to", 5),
    "pull request": lambda commands: commands.pull_request("back-to-6"),
}


@pytest.mark.parametrize(
    ("commands", "name", "typed"),
    [
        (AT_HOME, "up", "make up STACK=prod"),
        (AT_HOME, "preview", "make preview STACK=prod"),
        (AT_HOME, "verify", "make verify STACK=prod"),
        (AT_HOME, "sandbox", "make sandbox"),
        (AT_HOME, "file", "Pulumi.prod.yaml"),
        (AT_HOME, "rollback", "model-ops rollback --to 5 --stack prod"),
        (AT_HOME, "pull request", "model-ops pull-request back-to-6 --yes"),
        (ELSEWHERE, "up", "make -C '/srv/a checkout' up STACK=prod"),
        (ELSEWHERE, "file", "'/srv/a checkout/Pulumi.prod.yaml'"),
        (ELSEWHERE, "rollback", "model-ops rollback --to 5 --stack prod --project '/srv/a checkout'"),
        (ELSEWHERE, "pull request", "model-ops pull-request back-to-6 --project '/srv/a checkout' --yes"),
        (DEMO, "up", "-m engine up --stack local --home /srv/demo"),
        (DEMO, "preview", "-m engine preview --stack local --home /srv/demo"),
        (DEMO, "verify", "model-ops verify --stack local --project /srv/demo"),
        (DEMO, "sandbox", "-m sandbox start --home /srv/demo"),
        (DEMO, "file", "/srv/demo/project/Pulumi.local.yaml"),
        (DEMO, "rollback", "model-ops rollback --to 5 --stack local --project /srv/demo"),
    ],
)
def test_a_command_is_complete_where_its_reader_is(commands: Commands, name: str, typed: str) -> None:
    said = SAID[name](commands)
    assert said == typed or (typed.startswith("-m ") and said.endswith(f"python {typed}"))
    assert shlex.split(said)


def test_of_several_models_the_one_that_is_meant_is_named_where_a_command_wants_one() -> None:
    of_bot = ELSEWHERE.of("bot")
    assert of_bot.model_ops("pin", 6) == "model-ops pin 6 --stack prod --model bot --project '/srv/a checkout'"
    assert "--model" not in of_bot.model_ops("verify")
    assert "--model" not in of_bot.model_ops("status")
    assert "bot" not in of_bot.up


def test_a_stack_that_was_read_from_its_outputs_is_named_by_their_file() -> None:
    read = Commands(stack="prod", outputs=Path("/tmp/prod.json"))
    assert read.model_ops("versions") == "model-ops versions --target /tmp/prod.json"
    assert read.up == "make up STACK=prod"


def test_a_path_below_is_typed_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    home = tmp_path / ".sandbox" / "prod"
    commands = Commands.on_sandbox("local", home, home / "project")
    assert commands.file == ".sandbox/prod/project/Pulumi.local.yaml"
    assert commands.model_ops("verify") == "model-ops verify --stack local --project .sandbox/prod"


def test_the_sandbox_of_a_checkout_needs_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    assert Commands.on_sandbox("local", checkout / ".sandbox", checkout).up == f"make -C {checkout} up STACK=local"
    monkeypatch.chdir(checkout)
    assert Commands.on_sandbox("local", checkout / ".sandbox", checkout).up == "make up STACK=local"


def test_a_home_that_only_bears_the_name_of_a_checkouts_is_named(tmp_path: Path) -> None:
    home = tmp_path / ".sandbox"
    assert f"--home {home}" in Commands.on_sandbox("local", home, home / "project").up


def test_model_ops_is_named_as_the_shell_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert program() == "model-ops"
    monkeypatch.setenv("PATH", str(tmp_path))

    path = Path(shlex.split(program())[0])

    assert path.name == "model-ops"
    assert path.exists()
    assert AT_HOME.model_ops("status").startswith(f"{program()} status")
