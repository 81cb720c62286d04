from __future__ import annotations

import re
from pathlib import Path

from engine.go_module import OLDEST_GO
from engine.pulumi_cli import OLDEST
from infra.settings.load import load
from sandbox.home import Home
from tests.unit.infra.settings.mappings import mappings

MADE = re.compile(r"\bmake ([a-z][a-z-]*)\b")


def blocks(text: str, language: str = "") -> list[str]:
    """The fenced blocks of a language, without their indentation in a list."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def said(text: str) -> str:
    """What is written as a command or as code: elsewhere, "make" is a word."""
    return "\n".join([*blocks(text), *re.findall(r"`([^`\n]+)`", text)])


def test_every_make_target_that_is_named_exists(texts, root, workflow_files, make_targets):
    scripts = [path.read_text() for path in [*workflow_files, root / ".ci/run"]]
    named = {target for text in [*map(said, texts.values()), *scripts] for target in MADE.findall(text)}
    assert {"lint", "test"} <= named
    assert named - make_targets.keys() == set()


def test_the_readme_lists_every_make_target_with_its_own_words(texts, make_targets):
    rows = re.findall(r"^\| `make ([a-z-]+)[^|]*\| (.+?) \|$", texts["README.md"], re.MULTILINE)
    assert dict(rows) == {target: words.partition(": make")[0] for target, words in make_targets.items()}


def test_the_tests_are_among_the_commands_that_come_first(texts):
    first, *_ = blocks(texts["README.md"])
    assert MADE.findall(first)[-1] == "test"


def test_the_directories_of_the_readme_exist(texts, root):
    named = re.findall(r"^\| `([\w./]+/)` \|", texts["README.md"], re.MULTILINE)
    assert len(named) >= 6
    assert [directory for directory in named if not (root / directory).is_dir()] == []


def test_the_stacks_that_the_pages_explain_are_some(texts, tmp_path):
    pages = ("README.md", "docs/settings.md")
    one, many = (_models(tmp_path, example) for page in pages for example in blocks(texts[page], "yaml"))
    model = one["dbdemos_advanced_chatbot_model"]
    assert (model.served_version, model.canary.version) == (7, 8)
    fraud = many["card_fraud"]
    assert (fraud.endpoint.inference_table, fraud.endpoint.scale_to_zero, fraud.catalog) == (True, False, "prod")


def _models(directory, text):
    path = directory / "Pulumi.prod.yaml"
    path.write_text(text)
    return load(path, "prod").models


def test_every_key_of_a_stack_is_explained(texts):
    explained = {word for text in texts.values() for word in re.findall(r"`(?:[\w.\[\]]+\.|rollpin:)?(\w+)`", text)}
    keys = {field.alias for model in mappings() for field in model.model_fields.values()}
    assert "servedVersion" in keys
    assert keys - explained == set()


def test_the_rollback_of_the_readme_is_one_line_that_stands_in_the_stack_file(texts, root):
    (diff,) = blocks(texts["README.md"], "diff")
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    assert [line[0] for line in lines] == ["-", "+"]
    pin = re.compile(r"( +servedVersion:) \d+")
    stack = (root / "tests/stacks/projects/Pulumi.test.yaml").read_text().splitlines()
    (written,) = [found[1] for line in stack if (found := pin.match(line))]
    assert {pin.fullmatch(line[1:])[1] for line in lines} == {written}


def test_the_oldest_cli_that_the_documents_name_is_the_oldest_that_is_taken(texts):
    named = {found for text in texts.values() for found in re.findall(r"CLI\S*,? (\d+\.\d+)", text)}
    assert named == {f"{OLDEST.major}.{OLDEST.minor}"}
    assert f"Go {OLDEST_GO} or newer" in texts["README.md"]


def test_the_files_of_the_sandbox_are_those_that_it_has(texts):
    home = Home(Path("/home"))
    properties = ["token_file", "port_file", "lock_file", "runtime_file", "mlflow_database", "workspace_database"]
    properties += ["secrets_key_file"]
    directories = ["artifacts", "uploads", "deployments", "gateways", "tables", "logs"]
    names = {getattr(home, name).name for name in properties + directories}
    table, _, _ = texts["docs/sandbox.md"].partition("## Its files")[2].partition("The stack `local`")
    rows = "".join(re.findall(r"^\| (`.+?) \|", table, re.MULTILINE))
    assert {name.rstrip("/") for name in re.findall(r"`([\w./]+)`", rows)} == names


def test_the_variables_of_the_workflows_are_those_that_are_explained(texts, workflow_files):
    used = {found for path in workflow_files for found in re.findall(r"vars\.(\w+)", path.read_text())}
    explained = set(re.findall(r"`((?:AZURE|DATABRICKS|PULUMI)_[A-Z_]+)`", texts["docs/delivery.md"]))
    assert used <= explained
