"""Plays what a page tells its reader to do, in one checkout, and compares what it shows with what is printed."""

from __future__ import annotations

import difflib
import importlib.util
import os
import re
import shlex
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from model_ops.cli import main
from tests.documents import excerpt
from tests.documents.block import ROOT, Block, blocks
from tests.documents.checkout import environment

BOUND = 600
"""Seconds that one command may take."""
FRESH = ROOT / "build/documents"
"""Where a page is left as it would have to be, if an excerpt of it is stale."""
FAILURE = re.compile("error|failed", re.IGNORECASE)
OPERATORS = set("|&;<>$`*~")


@dataclass(frozen=True)
class Told:
    """A command of a transcript that was typed."""

    command: str
    shown: str
    code: int
    printed: str

    @property
    def fits(self) -> bool:
        """Whether the page shows what it printed, a failure too where it failed."""
        return (self.code == 0 or bool(FAILURE.search(self.shown))) and excerpt.fits(self.shown, self.printed)


@dataclass
class Story:
    """What happens in one checkout, page after page."""

    name: str
    directory: Path
    printed: Mapping[str, str] = field(default_factory=dict)
    """What commands printed that took place before it, by name."""

    def tell(self, page: str) -> None:
        """Do what the page says, in its order; fails where a command does, or an excerpt is stale."""
        fresh = {block: told for block in blocks(page) if (told := self._told(block)) is not None}
        if fresh:
            written = _rewritten(page, fresh)
            stale = "\n".join(f"{block}\n{_difference(block, told)}" for block, told in fresh.items())
            pytest.fail(f"{stale}\nThe page as it would be today: {written}")

    def _told(self, block: Block) -> str | None:
        """Play a block; what it would have to be, where it is something else."""
        if block.kind == "run" and self.name in block.stories:
            if block.needs and not importlib.util.find_spec(block.needs):
                return None
            return self._compared(block) if block.transcript else self._done(block)
        if block.kind == "shows" and block.of in self.printed:
            printed = self.printed[block.of].replace(f"{self.directory}/", "")
            return None if excerpt.fits(f"…\n{block.text}…\n", printed) else printed
        if block.kind in ("file", "adds") and (" of " not in block.of or self.name in block.stories):
            self._written(block)
        return None

    def _compared(self, block: Block) -> str | None:
        """Type each command of a transcript; one that fails has to be shown to fail."""
        told = [Told(command, shown, *self.type(command)) for command, shown in transcript(block.text)]
        if all(each.fits for each in told):
            return None
        return "".join(f"$ {each.command}\n{each.shown if each.fits else each.printed}" for each in told)

    def _done(self, block: Block) -> None:
        """Run a block's commands as one script; fails where one does."""
        code, printed = self._shell(f"set -e\n{block.text}")
        assert code == 0, f"{block} failed:\n{printed}"

    def _written(self, block: Block) -> None:
        path = self.directory / block.of.partition(" of ")[0]
        if block.kind == "file":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
            return
        yaml = YAML()
        whole = yaml.load(path.read_text())
        _merge(whole["config"], _config(yaml.load(block.text)))
        with path.open("w") as file:
            yaml.dump(whole, file)

    def environment(self, command: str) -> dict[str, str]:
        """The variables that a command sees."""
        return environment(self.directory)

    def type(self, command: str) -> tuple[int, str]:
        """Give a command's exit code, and what it printed on both streams, without where the checkout is."""
        words = [] if OPERATORS & set(command) else shlex.split(command)
        code, printed = self._here(words[1:]) if words[:1] == ["model-ops"] else self._shell(command)
        return code, excerpt.still(printed.replace(f"{self.directory}/", "").replace(f"{sys.prefix}/", ".venv/"))

    def _here(self, words: list[str]) -> tuple[int, str]:
        """Run `model-ops` in this process, which has imported already what takes seconds each time."""
        theirs = self.environment(shlex.join(words))
        with chdir(self.directory), pytest.MonkeyPatch.context() as patch:
            for name in os.environ.keys() - theirs.keys():
                patch.delenv(name)
            for name, value in theirs.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["model-ops", *words])
            # Nobody who types it has made errors of warnings, as the tests do of their own.
            with warnings.catch_warnings():
                warnings.simplefilter("default")
                result = CliRunner().invoke(main, words, prog_name="model-ops")
        return result.exit_code, result.output

    def _shell(self, script: str) -> tuple[int, str]:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", script],
            cwd=self.directory,
            env=self.environment(script),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=BOUND,
            check=False,
        )
        return done.returncode, done.stdout


def transcript(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a transcript, with what is shown of its output."""
    command, shown = "", ""
    for line in text.splitlines(keepends=True):
        if line.startswith("$ "):
            if command:
                yield command, shown
            command, shown = line[2:].rstrip("\n"), ""
        elif command.endswith("\\") and not shown:
            command += "\n" + line.rstrip("\n")
        else:
            shown += line
    yield command, shown


def _config(said: dict[str, Any]) -> dict[str, Any]:
    """A part of a stack's file, at its place below `config`."""
    if "config" in said:
        return dict(said["config"])
    return said if next(iter(said)).startswith("rollpin:") else {"rollpin:models": said}


def _merge(into: dict[str, Any], said: Mapping[str, Any]) -> None:
    for key, value in said.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _difference(block: Block, told: str) -> str:
    if block.kind == "shows":
        printed = set(excerpt.normal(told))
        return "\n".join(f"- {line}" for line in excerpt.normal(block.text) if line not in printed)
    lines = difflib.unified_diff(excerpt.normal(block.text), excerpt.normal(told), "shown", "printed", lineterm="", n=1)
    return "\n".join(lines)


def _rewritten(page: str, fresh: Mapping[Block, str]) -> Path:
    """Write the page as it would be today, where a reader finds it; blocks that show a part are left to him."""
    lines = (ROOT / page).read_text().splitlines(keepends=True)
    for block, told in sorted(fresh.items(), key=lambda each: -each[0].line):
        if block.transcript:
            fence = lines[block.line - 1]
            indent = fence[: len(fence) - len(fence.lstrip())]
            lines[block.line : block.end - 1] = [
                f"{indent}{line}\n".replace(f"{indent}\n", "\n") for line in told.splitlines()
            ]
    path = FRESH / page
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))
    return path
