"""Runs the engine on the local stack, with the sandbox that it needs, and says what came of it."""

from __future__ import annotations

from pathlib import Path

from engine import preview_document, principals, project_copy, pulumi_cli
from engine.event_stack import Operation
from engine.local_stack import LocalStack, Outcome, StackBusyError
from engine.run_log import RunLog
from infra.settings.mistake import SettingsError
from model_ops import disk
from model_ops.cli.output import refused
from model_ops.errors import ModelOpsError, StackError
from model_ops.proving.verify import verify_stack
from model_ops.stack import LOCAL, address, target
from sandbox import lifecycle
from sandbox.home import Home
from sandbox.lifecycle import SandboxError

EXPECTED = (SettingsError, SandboxError, pulumi_cli.EngineNotFoundError, StackBusyError)


def run(operation: Operation, source: Path, root: Path, *, verbose: bool = False, document: Path | None = None) -> int:
    """Run `operation` on the stack of the sandbox in `root`, which is started if need be; return the exit code.

    What a preview would change, or why it was refused, is written to `document` too. Raises ClickException where it
    cannot be begun.
    """
    home = Home(root)
    try:
        with RunLog(home.logs / "engine.log", verbose=verbose) as log:
            return _run(operation, source, home, log, document)
    except EXPECTED as error:
        raise refused(error) from None
    except OSError as error:
        raise refused(disk.refusal(error, home.root)) from None


def _run(operation: Operation, source: Path, home: Home, log: RunLog, document: Path | None) -> int:
    own = home.root == source / ".sandbox"
    # Another sandbox than the checkout's own has its project files, which are edited in place, in its home.
    directory = source if own else home.root / "project"
    if not project_copy.stack_file(directory).exists():
        project_copy.copy(source, directory)
    names = principals.named(directory)
    if lifecycle.running(home) is None:
        log.say("starting the sandbox …")
        lifecycle.start(home)
    principals.introduce(home, names)
    if own:
        _refuse_by_hand(source, home)
    engine = pulumi_cli.find(log.say, log.note)
    stack = LocalStack(home, home.root / "project", engine, log.say, log.note, source if own else None)
    log.say(f"{stack}")
    log.say(f"{operation} of stack {LOCAL} on {home.url} …")
    outcome = stack.run(operation)
    if document:
        preview_document.write(document, outcome.preview.document(outcome.error))
    return _told(operation, outcome, home.root, log)


def _refuse_by_hand(source: Path, home: Home) -> None:
    """Raise ClickException where somebody deployed the stack by `pulumi up`: its objects would be made once more."""
    try:
        where = address(LOCAL, source)
    except StackError:
        return
    if where.by_hand and target(where).workspace_url == home.url:
        raise refused(
            "the local stack was deployed by hand, and its state is where your own `pulumi` keeps it. Go on with that: "
            f"{where.commands.up}; or begin anew here: {where.commands.engine('destroy')}, then run this again."
        )


def _told(operation: Operation, outcome: Outcome, where: Path, log: RunLog) -> int:
    if outcome.error is None:
        log.say(f"{operation} of stack {LOCAL} took {outcome.seconds:.1f} s: {outcome.counts}")
        return 0
    log.say(f"{operation} of stack {LOCAL} failed after {outcome.seconds:.1f} s; why is above, and in {log.file}")
    for line in _serving_now(where):
        log.say(line)
    return 1


def _serving_now(where: Path) -> list[str]:
    """Say what answers after a failed run: the first thing that the person on call wants to know."""
    try:
        return [proof.after_failure for proof in verify_stack(LOCAL, where)]
    except ModelOpsError:
        return []
