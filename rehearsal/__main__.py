"""`python -m rehearsal`: rehearse the main job, write `.sandbox/demo.json`, leave nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from importlib import import_module
from pathlib import Path

import click

from engine import pulumi_cli
from engine.stack_lock import StackBusyError
from infra.settings.mistake import SettingsError
from model_ops import disk
from model_ops.cli.output import echo, refused, say
from model_ops.commands import SANDBOX_VARIABLE, python
from model_ops.errors import ModelOpsError
from rehearsal import processes
from rehearsal.report import Report, broken_promises
from rehearsal.scenario import Scenario
from rehearsal.stage import DemoError, open_stage
from rehearsal.training import TrainingError
from sandbox.home import write_private
from sandbox.lifecycle import SandboxError

EXPECTED = (
    DemoError,
    SandboxError,
    SettingsError,
    StackBusyError,
    TrainingError,
    ModelOpsError,
    pulumi_cli.EngineNotFoundError,
)


@click.command()
@click.option("--home", default=".sandbox", show_default=True, type=click.Path(path_type=Path, file_okay=False))
def main(home: Path) -> None:
    """Rehearse the main job end to end; exit 0 only if every promise of it held."""
    home = home.absolute()
    os.environ.pop(SANDBOX_VARIABLE, None)  # the demo has a sandbox of its own
    try:
        broken = _rehearsed(Path.cwd(), home)
    except OSError as error:
        raise refused(disk.refusal(error, home)) from None
    sys.exit(1 if broken else 0)


def _rehearsed(source: Path, home: Path) -> list[str]:
    """Rehearse, write the findings, and return the promises that did not hold."""
    processes.mark()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    began, before = time.monotonic(), _work_tree(source)
    report = Report()
    findings = home / "demo.json"
    findings.unlink(missing_ok=True)
    try:
        broken = _rehearse(source, home / "demo", report) + broken_promises(report) + _left_behind(source, before)
    finally:
        write_private(findings, json.dumps(report.as_dict(), indent=2) + "\n")
    for promise in broken:
        say(f"NOT HELD: {promise}")
    echo(f"\n{'All of it held' if not broken else 'The demo failed'}, in {time.monotonic() - began:.0f} s.")
    echo(f"The findings are in {home / 'demo.json'}, the logs below {home / 'demo' / 'logs'}.")
    echo(f"Look around in what it left: {python()} -m sandbox start --home {home / 'demo'}")
    echo(f"  then, say: .venv/bin/model-ops versions --stack local --project {home / 'demo'}")
    return broken


def _rehearse(source: Path, root: Path, report: Report) -> list[str]:
    """Play the scenario; return what stopped it, if something did."""
    try:
        _play(source, root, report)
    except EXPECTED as error:
        return [f"the demo plays to its end; it stopped: {error}"]
    return []


def _play(source: Path, root: Path, report: Report) -> None:
    engine = pulumi_cli.find(echo)
    # The program's imports take seconds of one core; meanwhile the sandbox starts on the other.
    threading.Thread(target=import_module, args=("infra.program",), daemon=True).start()
    echo("── Start a sandbox workspace, from scratch")
    with open_stage(root, source, engine, echo) as stage:
        echo(f"  {stage.home.url}; {stage.stack}")
        report.engine = {"source": engine.source, "version": engine.version}
        report.provider = stage.stack.plugin.kind
        Scenario(stage, report).play()


def _work_tree(source: Path) -> str | None:
    """What git says of the work tree; None where there is no git, or this is no checkout."""
    command = ["git", "status", "--porcelain"]
    try:
        done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def _left_behind(source: Path, before: str | None) -> list[str]:
    """Name what the demo left that was not there before: changes of the work tree, processes of its own."""
    left = []
    if (after := _work_tree(source)) != before:
        left.append(f"the work tree is as clean as before; now git says:\n{after}")
    ours = [*processes.own(), *processes.marked()]
    return left + [f"no process is left; this one is: {process}" for process in processes.left(ours)]


if __name__ == "__main__":
    main()
