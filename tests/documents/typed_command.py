"""The commands that a block tells its reader to type, and whether each exists."""

from __future__ import annotations

import importlib
import importlib.util
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import PurePath

import click

from engine.__main__ import main as engine
from model_ops.cli import main as model_ops
from sandbox.__main__ import main as sandbox
from tests.documents.block import ROOT, Block

COMMENT = re.compile(r"(?:^|\s\s+|(?<=\s))#(?:\s.*)?$")
PLACEHOLDER = re.compile(r"<\w[^<>|]*>")
REDIRECTED = re.compile(r"\d?>{1,2}(?:&\d|\s?[^\s|&;]+)")
ASSIGNED = re.compile(r"\w+=")
MAKE_VARIABLE = re.compile(r"\$\(([A-Z_]+)\)|^([A-Z_]+) \??:?=", re.MULTILINE)
CLICK = {"model-ops": model_ops, "engine": engine, "sandbox": sandbox}
SHELL = {
    "cat",
    "cd",
    "chromium",
    "cmp",
    "cp",
    "curl",
    "cut",
    "date",
    "echo",
    "export",
    "jq",
    "mkdir",
    "mv",
    "printf",
    "sed",
    "tail",
    "tr",
    "unset",
}
SUB_COMMANDS = {
    "az": {
        "login", "group create", "storage account", "storage blob", "storage container", "keyvault create",
        "keyvault key", "keyvault secret", "ad app", "ad sp", "role assignment",
        "network private-endpoint-connection", "network vnet", "ad group",
    },
    "databricks": {
        "account service-principal-federation-policy", "account metastores", "secrets put-secret", "secrets put-acl",
        "secrets get-secret", "secrets list-secrets", "serving-endpoints update-config", "grants get",
    },
    "git": {
        "add", "checkout", "clone", "commit", "diff", "fetch", "init", "ls-remote", "merge", "pull", "push", "remote",
        "switch", "tag", "log",
    },
    "gh": {"api", "pr create", "workflow run", "run list"},
    "pulumi": {
        "cancel", "config set", "import", "login", "preview", "refresh", "stack init", "stack output", "up",
        "stack export", "stack select",
    },
}  # fmt: skip
"""Of programs that are not at hand here: those of their commands that the pages have need of."""


def typed(block: Block) -> Iterator[list[str]]:
    """The commands of a block, each by its words, without variables that are set before it."""
    lines = block.text.splitlines()
    if block.transcript:
        lines = [line[2:] for line in lines if line.startswith("$ ")]
    words: list[str] = []
    for token in [*_tokens("\n".join(map(_bare, lines))), "\n"]:
        if not set(token) <= set("|&;<>()\n$"):
            words.append(token)
        elif token[0] not in "<>":
            yield from _command(words)
            words = []


def _bare(line: str) -> str:
    """A line as it is typed, without what it is sent to; `<name>` is a word that the reader fills in."""
    return REDIRECTED.sub("", PLACEHOLDER.sub("NAME", COMMENT.sub("", line)))


def _tokens(text: str) -> list[str]:
    lexer = shlex.shlex(text.replace("\\\n", " "), posix=True, punctuation_chars="|&;<>()\n")
    lexer.commenters, lexer.whitespace = "", " \t"
    lexer.whitespace_split = True
    return list(lexer)


def _command(words: list[str]) -> Iterator[list[str]]:
    while words and ASSIGNED.match(words[0]):
        words = words[1:]
    if words:
        yield words


def mistake(words: Sequence[str]) -> str | None:
    """What is wrong with a command; None where nothing is known to be."""
    program, *rest = words
    program = PurePath(program).name
    if program in ("python", "python3"):
        return _python(rest)
    if program in CLICK:
        return _click(CLICK[program], program, rest)
    if program == "make":
        return _make(rest)
    if program in SUB_COMMANDS:
        bare = [word for word in rest if not word.startswith("-")]
        known = SUB_COMMANDS[program] & {bare[0] if bare else "", " ".join(bare[:2])}
        return (
            None
            if known or rest[:1] == ["-C"]
            else f"{program} has no command that is known here: {' '.join(bare[:2])}"
        )
    return None if program in SHELL or program.startswith("some-") else f"nothing is known of {program}"


def _python(rest: Sequence[str]) -> str | None:
    if rest[:1] != ["-m"]:
        return None
    module = rest[1]
    if module in CLICK:
        return _click(CLICK[module], module, rest[2:])
    if module.startswith("examples."):  # which a repository may have taken out
        return _click(importlib.import_module(module).main, module, rest[2:])
    return None if importlib.util.find_spec(module) else f"there is no module {module}"


def _make(rest: Sequence[str]) -> str | None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    variables = {name for found in MAKE_VARIABLE.findall(makefile) for name in found}
    for word in rest:
        name, is_variable, _ = word.partition("=")
        if name not in (variables if is_variable else targets):
            return f"the Makefile has no {name}"
    return None


def _click(command: click.Command, name: str, rest: Sequence[str], parent: click.Context | None = None) -> str | None:
    """Parse the words as the command does, without its looking for the files that they name."""
    rest = [word for word in rest if word != "…"]
    context = click.Context(command, parent, info_name=name, **command.context_settings)
    try:
        if isinstance(command, click.Group):
            inner = command.get_command(context, rest[0]) if rest else None
            return (
                _click(inner, f"{name} {rest[0]}", rest[1:], context) if inner else f"{name} has no command {rest[:1]}"
            )
        _, left, _ = command.make_parser(context).parse_args(list(rest))
    except click.UsageError as error:
        return f"{name}: {error.format_message()}"
    return f"{name} takes no {left}" if left else None
