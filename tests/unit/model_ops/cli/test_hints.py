"""What a message tells its reader to type next is a command that there is, worded in one place, for stack and model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest

import model_ops
from model_ops.cli import COMMANDS, main

ROOT = Path(model_ops.__file__).parents[1]
SOURCES = sorted(path for package in ("engine", "infra", "model_ops") for path in (ROOT / package).rglob("*.py"))
COMMAND = re.compile(r"model-ops [a-z]+|make (?:-C|[a-z-]+ STACK=|sandbox)|python\S* -m (?:engine|sandbox) ")
BY_THEMSELVES: Mapping[str, str] = {
    "infra/outputs.py": "a page",
    "infra/proof/workspace_address.py": "a stack without a workspace: it may be meant for the sandbox",
    "infra/settings/reference.py": "a page",
    "model_ops/cli/reference.py": "the page of all commands",
    "model_ops/forge/pipeline_stacks.py": "a file that is generated",
    "model_ops/scoring/spark_session.py": "the name of an application",
    "model_ops/template/record.py": "a file that is generated",
    "model_ops/workspace/mlflow_errors.py": "an address of a model, of no known stack",
    "model_ops/workspace/reach.py": "what is typed for an address of no known stack",
}
"""Modules that word a command themselves, and why they may."""


def texts(path: Path) -> Iterator[str]:
    """Every text in a module that is no docstring."""
    tree = ast.parse(path.read_text())
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements:
            yield node.value


def calls() -> list[tuple[str, tuple[str, ...]]]:
    """What is asked of `Commands.model_ops`, by module: the words that are known there."""
    found = []
    for path in SOURCES:
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if ".model_ops(" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "model_ops":
                words = tuple(str(word.value) for word in node.args if isinstance(word, ast.Constant))
                found.append((path.name, words))
    return found


def command(words: tuple[str, ...]) -> click.Command | None:
    found: click.Command | None = main
    for word in words:
        if not isinstance(found, click.Group):
            break
        found = found.get_command(click.Context(found), word)
    return found


CALLS = calls()


def test_there_are_hints_to_look_at() -> None:
    assert len(CALLS) > 15


@pytest.mark.parametrize(("module", "words"), CALLS)
def test_a_command_that_is_named_exists_with_its_options(module: str, words: tuple[str, ...]) -> None:
    assert words[0] in COMMANDS, module
    found = command(words)
    assert found is not None, module
    options = {name for parameter in found.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_no_module_words_a_command_by_itself() -> None:
    found = {path.relative_to(ROOT).as_posix() for path in SOURCES if any(COMMAND.search(text) for text in texts(path))}
    assert found == set(BY_THEMSELVES)
