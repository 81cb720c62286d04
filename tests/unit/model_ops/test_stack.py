"""A stack is asked through the engine; what cannot be asked is refused with the command that mends it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from model_ops.deployed import DeployedStack
from model_ops.errors import StackError
from model_ops.proving.status import undeployed
from model_ops.served import Canary
from model_ops.stack import Address, address, stack_names, target

OUTPUTS = {
    "workspace_url": "https://adb-1.azuredatabricks.net",
    "models": {
        "chatbot": {
            "full_name": "prod.rag.chatbot",
            "endpoint_name": "chatbot",
            "endpoint_url": "https://adb-1.azuredatabricks.net/serving-endpoints/chatbot/invocations",
            "pinned_version": 7,
            "warm_versions": [6, 7],
            "canary": {"version": 8, "percent": 10},
            "run_id": "r7",
            "experiment_name": "/Shared/x",
        }
    },
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> None:
    """A checkout with one stack."""
    for name in ("Pulumi.yaml", "Pulumi.prod.yaml"):
        (tmp_path / name).touch()


def engine(directory: Path, answer: str, *, code: int = 0) -> str:
    """A `pulumi` that gives one answer: the seam is the process."""
    script = directory / "pulumi"
    script.write_text(f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\necho 'error: no stack named it' >&2\nexit {code}\n")
    script.chmod(0o755)
    return str(script)


def test_the_outputs_become_a_target(tmp_path: Path) -> None:
    found = target(Address("prod", engine(tmp_path, json.dumps(OUTPUTS)), tmp_path))
    model = found.models["chatbot"]
    assert (found.workspace_url, model.pinned_version) == ("https://adb-1.azuredatabricks.net", 7)
    assert (model.warm_versions, model.canary) == ((6, 7), Canary(version=8, percent=10))


def test_without_a_pin_nothing_is_expected(tmp_path: Path) -> None:
    unpinned = json.loads(json.dumps(OUTPUTS))
    unpinned["models"]["chatbot"] |= {"pinned_version": None, "canary": None, "warm_versions": []}
    found = target(Address("prod", engine(tmp_path, json.dumps(unpinned)), tmp_path))
    assert found.models["chatbot"].expected is None


def test_what_is_let_go_asks_for_another_up(tmp_path: Path) -> None:
    retired = json.loads(json.dumps(OUTPUTS))
    retired["models"]["chatbot"]["retired"] = "let go"
    retired["let_go"] = ["catalog prod", "schema prod.rag"]

    found = target(Address("prod", engine(tmp_path, json.dumps(retired)), tmp_path))

    assert found.unfinished == ("takes down chatbot", "forgets catalog prod, schema prod.rag")
    assert target(Address("prod", engine(tmp_path, json.dumps(OUTPUTS)), tmp_path)).unfinished == ()


@pytest.mark.parametrize("answer", ["{}", '{"models": {}}', "not json"])
def test_a_stack_that_was_never_deployed_is_refused_with_the_command(tmp_path: Path, answer: str) -> None:
    with pytest.raises(StackError, match=r"Deploy it: make -C .* up STACK=prod"):
        target(Address("prod", engine(tmp_path, answer), tmp_path))


def test_what_the_engine_said_last_is_passed_on(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="no stack named it"):
        target(Address("prod", engine(tmp_path, "", code=255), tmp_path))


@pytest.fixture
def left(tmp_path: Path) -> dict[str, Any]:
    """What the engine leaves behind for us to find the local stack by."""
    for name in ("pulumi", "token"):
        (tmp_path / name).write_text("a-token\n")
    named = {"pulumi": "pulumi", "project": ".", "token_file": "token"}
    return {key: str(tmp_path / name) for key, name in named.items()} | {"environment": {"A": "b"}}


def deployed(project: Path, url: str = "http://127.0.0.1:5000") -> str:
    """A local stack that somebody deployed by hand, and a sandbox that was never deployed to."""
    (project / "Pulumi.local.yaml").touch()
    (project / ".sandbox").mkdir(exist_ok=True)
    (project / ".sandbox" / "token").write_text("a-token\n")
    (project / ".sandbox" / "port").write_text("5000\n")
    return engine(project, json.dumps({**OUTPUTS, "workspace_url": url}))


def test_a_stack_deployed_by_hand_is_asked_by_the_engine_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi = deployed(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    found = DeployedStack.find("local", tmp_path)

    assert (found.target.workspace_url, found.model().pinned_version) == ("http://127.0.0.1:5000", 7)
    assert (found.workspace.token, found.address.pulumi) == ("a-token", pulumi)
    assert found.commands.up == f"pulumi -C {tmp_path} up --stack local"
    assert found.file == tmp_path / "Pulumi.local.yaml"


@pytest.mark.parametrize("url", ["https://adb-1.azuredatabricks.net", "http://127.0.0.1:5001", "http://10.0.0.1:5000"])
def test_the_sandboxs_token_goes_to_no_other_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    deployed(tmp_path, url)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert DeployedStack.find("local", tmp_path).workspace.token is None


@pytest.mark.parametrize(
    ("state", "by_hand"),
    [('{"resources": [{"urn": "urn:pulumi:local::rollpin::x"}]}', False), ('{"resources": []}', True), (None, True)],
)
def test_what_our_own_engine_deployed_comes_first_while_it_is_there(
    tmp_path: Path, left: dict[str, Any], monkeypatch: pytest.MonkeyPatch, state: str | None, by_hand: bool
) -> None:
    stacks = tmp_path / "state" / ".pulumi" / "stacks" / "rollpin"
    stacks.mkdir(parents=True)
    if state is not None:
        (stacks / "local.json").write_text(state)
    leave(tmp_path, json.dumps(left | {"environment": {"PULUMI_BACKEND_URL": f"file://{tmp_path}/state"}}))
    deployed(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert address("local", tmp_path).by_hand == by_hand


def test_a_stack_that_nobody_deployed_says_what_the_engine_on_the_path_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.local.yaml").touch()
    engine(tmp_path, "", code=255)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(
        StackError, match=r"not deployed\. Nor does .* no stack named it\nDeploy it: make -C .* sandbox && make"
    ):
        address("local", tmp_path)


def leave(project: Path, text: str) -> None:
    (project / ".sandbox").mkdir()
    (project / ".sandbox" / "engine.json").write_text(text)


def test_the_local_stack_is_found_where_the_engine_left_its_address(tmp_path: Path, left: dict[str, Any]) -> None:
    leave(tmp_path, json.dumps(left))
    found = address("local", tmp_path)
    assert (found.pulumi, found.environment, found.token("http://127.0.0.1:1")) == (
        left["pulumi"],
        {"A": "b"},
        "a-token",
    )


@pytest.mark.parametrize("gone", ["pulumi", "token"])
def test_an_address_that_leads_nowhere_any_more_is_refused(tmp_path: Path, left: dict[str, Any], gone: str) -> None:
    leave(tmp_path, json.dumps(left))
    (tmp_path / gone).unlink()
    with pytest.raises(StackError, match=r"is gone\. Deploy it: make -C .* up STACK=local"):
        address("local", tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"pulumi": 1}', "null"])
def test_an_address_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    leave(tmp_path, text)
    with pytest.raises(StackError, match=r"Deploy it: make -C .* up STACK=local"):
        address("local", tmp_path)


def test_a_local_stack_that_is_not_there_is_refused_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"Deploy it: make -C .* sandbox && make -C .* up STACK=local"):
        address("local", tmp_path)


def test_without_an_engine_a_cloud_stack_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError, match="no `pulumi` on the PATH"):
        address("prod", tmp_path)


def test_a_stack_that_has_no_file_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"There is no stack nope in .*\. There is: prod\."):
        address("nope", tmp_path)


def test_a_directory_that_is_no_project_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    for stack in ("local", "prod"):
        with pytest.raises(StackError, match=r"no Pulumi\.yaml"):
            address(stack, tmp_path / "elsewhere")


def test_what_is_missing_for_a_cloud_stack_is_not_answered_with_a_deployment(tmp_path: Path) -> None:
    script = tmp_path / "pulumi"
    script.write_text("#!/bin/sh\necho 'error: PULUMI_ACCESS_TOKEN must be set' >&2\nexit 255\n")
    script.chmod(0o755)
    with pytest.raises(StackError, match=r"make -C .* preview STACK=prod") as refused:
        target(Address("prod", str(script), tmp_path))
    assert " up STACK" not in str(refused.value)


def test_a_stack_has_the_whole_name_that_stands_in_its_files(tmp_path: Path) -> None:
    for name in (
        "Pulumi.prod.eu.yaml",
        "Pulumi.prod.eu.blue.yaml",
        "Pulumi..yaml",
        "Pulumi.a b.yaml",
        "Pulumi.x\n.yaml",
    ):
        (tmp_path / name).touch()

    assert stack_names(tmp_path) == ("prod", "prod.eu", "prod.eu.blue")


def test_a_stack_whose_name_has_a_dot_is_asked_by_its_own_name_and_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.prod.eu.yaml").touch()
    engine(tmp_path, json.dumps(OUTPUTS))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    where = address("prod.eu", tmp_path)

    assert (where.stack, where.file.name) == ("prod.eu", "Pulumi.prod.eu.yaml")


def test_what_the_file_says_and_nobody_has_deployed_is_told_as_that(tmp_path: Path) -> None:
    outputs = json.loads(json.dumps(OUTPUTS))
    outputs["models"]["chatbot"]["pinned_version"] = None
    (tmp_path / "prod.json").write_text(json.dumps({"stack": "prod", **outputs}))
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(
        "config:\n  rollpin:models:\n    chatbot: {catalog: prod, schema: rag, servedVersion: 7}\n"
        "    fraud: {catalog: prod, schema: rag}\n"
    )
    stack = DeployedStack.read(tmp_path / "prod.json", tmp_path)

    with pytest.raises(StackError, match=r"Model fraud is in \S+Pulumi.prod.yaml and is not deployed yet: make "):
        stack.model("fraud")
    with pytest.raises(StackError, match="has no model fruad"):
        stack.model("fruad")
    with pytest.raises(StackError, match=r"pins version 7 of chatbot, and that is not deployed yet: make "):
        stack.pinned(stack.model("chatbot"))
    assert undeployed(stack, stack.model("chatbot")) == [f"the file pins 7: {stack.commands.up}"]
    file.unlink()
    assert undeployed(stack, stack.model("chatbot")) == []
    with pytest.raises(StackError, match="pins no version of chatbot yet"):
        stack.pinned(stack.model("chatbot"))


def test_a_platform_stack_says_that_another_one_serves(tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text(json.dumps({"stack": "base", **OUTPUTS, "models": {}}))
    (tmp_path / "Pulumi.base.yaml").write_text("config:\n  rollpin:models: {}\n  rollpin:catalogs: {prod: {}}\n")

    with pytest.raises(StackError, match="makes catalogs for other stacks, and serves no model"):
        DeployedStack.read(tmp_path / "base.json", tmp_path).model()


@pytest.mark.parametrize("named", [None, "fraud"])
def test_a_stack_without_a_model_says_so(tmp_path: Path, named: str | None) -> None:
    (tmp_path / "prod.json").write_text(json.dumps({"stack": "prod", **OUTPUTS, "models": {}}))

    with pytest.raises(StackError, match=r"Stack prod has no model\. Add one to \S*Pulumi\.prod\.yaml, then: make "):
        DeployedStack.read(tmp_path / "prod.json", tmp_path).model(named)
