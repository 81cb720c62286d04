"""Finds the Pulumi CLI: on the PATH, by Pulumi's own installer, or built from its Go module."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click
from pulumi.automation import PulumiCommand
from pulumi.automation.errors import InvalidVersionError
from semver import VersionInfo

from engine import go_module
from model_ops.cache import cache
from model_ops.cli.output import refused, say

OLDEST = VersionInfo(3, 244, 0)
"""Before this release an error hook did not hear of each error; before 3.238 a failing after-hook failed no update."""

Source = Literal["path", "installer", "module"]
ORIGINS: Mapping[Source, str] = {"path": "the PATH", "installer": "Pulumi's installer", "module": "its Go module"}
Report = Callable[[str], None]


class EngineNotFoundError(Exception):
    """No Pulumi CLI can be had here; the message lists each way tried and what to install."""


@dataclass(frozen=True)
class Engine:
    """A Pulumi CLI that can run the local stack, and where it came from."""

    source: Source
    command: PulumiCommand

    @property
    def version(self) -> str:
        """The CLI's version, without a leading v."""
        return str(self.command.version)

    def __str__(self) -> str:
        """Say which engine it is and where it came from."""
        return f"Pulumi {self.version} from {ORIGINS[self.source]}"


class _Built(PulumiCommand):
    """The CLI that is built here, whose version is known: to ask it takes half a second of every run."""

    def __init__(self, root: Path) -> None:
        self.command = str(root / "bin" / "pulumi")
        self.version = VersionInfo.parse(go_module.VERSION)


def find(report: Report = lambda _: None, note: Report = lambda _: None) -> Engine:
    """Return the first engine that works; raises EngineNotFoundError where none does.

    `report` hears of what takes long, `note` why each way before the one that works did not do.
    """
    tried: list[str] = []

    def passed_over(reason: str) -> None:
        tried.append(reason)
        note(reason)

    for way in (on_path, _installed, _built):
        if engine := way(passed_over, report):
            return engine
    ways = "\n".join(f"  - {line}" for line in tried)
    raise EngineNotFoundError(
        f"No Pulumi CLI {OLDEST} or newer can be had here. Tried, in this order:\n{ways}\n"
        "Install one of: the Pulumi CLI (https://www.pulumi.com/docs/install), "
        f"or Go {go_module.OLDEST_GO} or newer (https://go.dev/dl), and run the same command again."
    )


def on_path(note: Report, _: Report) -> Engine | None:
    """Give the CLI that is on the PATH, if it is new enough; `note` hears why not."""
    found = shutil.which("pulumi")
    if not found:
        note("PATH: there is no `pulumi` on it")
        return None
    try:
        command = PulumiCommand(version=OLDEST)
        command.command = str(Path(found).absolute())  # its whole path: who asks the stack later may have another PATH
        return Engine("path", command)
    except (InvalidVersionError, OSError, subprocess.SubprocessError) as error:
        note(f"PATH: {found} does not do: {error}")
        return None


def _installed(note: Report, report: Report) -> Engine | None:
    root = cache() / "pulumi-installed"
    if _built_already():
        note("installer: not asked, for an engine is built already")
        return None
    if not (root / "bin" / "pulumi").exists():
        report("asking Pulumi's installer (it needs the internet) …")
    try:
        return Engine("installer", PulumiCommand.install(root=str(root)))
    except (OSError, subprocess.SubprocessError, InvalidVersionError) as error:
        note(f"installer: it cannot be had here ({_reason(error)})")
        return None


def _built_already() -> bool:
    return (go_module.root(cache()) / "bin" / "pulumi").exists()


def _built(note: Report, report: Report) -> Engine | None:
    try:
        root = go_module.build(cache(), report)
    except go_module.BuildError as error:
        note(f"Go module: {error}")
        return None
    return Engine("module", _Built(root))


def _reason(error: Exception) -> str:
    output = getattr(error, "output", None)
    text = output.decode(errors="replace") if isinstance(output, bytes) else str(error)
    return " ".join(text.split())[-200:] or type(error).__name__


def main() -> None:
    """Find or build the engine and say which one it is: what set-up runs ahead of the tests."""
    try:
        engine = find(say)
    except EngineNotFoundError as error:
        raise refused(error) from None
    say(f"{engine}: {engine.command.command}")


if __name__ == "__main__":
    click.command()(main)()
