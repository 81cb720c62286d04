"""Runs the engine on the local stack, or on a rehearsed one, with the sandbox that it needs; says what came of it."""

from __future__ import annotations

from pathlib import Path

from engine import catalogs, preview_document, principals, project_copy, pulumi_cli
from engine.event_stack import Operation
from engine.local_stack import LocalStack, Outcome
from engine.preview_document import PreviewEvents
from engine.run_log import RunLog
from engine.stack_lock import StackBusyError
from infra.settings.mistake import SettingsError
from model_ops import disk
from model_ops.cli.output import refused
from model_ops.errors import ModelOpsError, StackError
from model_ops.proving.verify import verify_stack
from model_ops.rehearsed import Rehearsed
from model_ops.stack import LOCAL, address, stack_names, target
from sandbox import lifecycle
from sandbox.home import Home
from sandbox.lifecycle import SandboxError

EXPECTED = (SettingsError, SandboxError, pulumi_cli.EngineNotFoundError, StackBusyError)


def run(
    operation: Operation,
    source: Path,
    root: Path,
    *,
    rehearsed: Rehearsed | None = None,
    verbose: bool = False,
    document: Path | None = None,
) -> int:
    """Run `operation` on the stack of the sandbox in `root`, which is started if need be; return the exit code.

    That is the local stack, or the one that is `rehearsed` there. What a preview would change, or why it was refused,
    is written to `document` too. Raises ClickException where it cannot be begun.
    """
    home = Home(root)
    try:
        if rehearsed:
            home.create()  # ahead of its log, without which the directory would not be known as a sandbox's
        with RunLog(home.logs / "engine.log", verbose=verbose) as log:
            if rehearsed:
                return _rehearse(operation, source, home, rehearsed, log, document)
            return _run(operation, source, home, log, document)
    except EXPECTED as error:
        if document:
            preview_document.write(document, PreviewEvents().document(str(error)))
        raise refused(error) from None
    except OSError as error:
        raise refused(disk.refusal(error, home.root)) from None


def _rehearse(
    operation: Operation, source: Path, home: Home, rehearsed: Rehearsed, log: RunLog, document: Path | None
) -> int:
    log.say(f"{rehearsed}")
    if not project_copy.stack_file(source, rehearsed.stack).exists():
        known = ", ".join(stack_names(source)) or "none"
        raise refused(f"There is no stack {rehearsed.stack} in {source}; there is {known}.")
    names, used = principals.named(source, rehearsed.stack), catalogs.used(source, rehearsed.stack)
    _start(home, log)
    principals.introduce(home, names, rehearsed.stack)
    if made := catalogs.provide(home, used):
        log.say(f"made for the rehearsal, as the stack uses what others have made: {', '.join(made)}")
    engine = pulumi_cli.find(log.say, log.note)
    stack = LocalStack(home, rehearsed.root / "project", engine, log.say, log.note, source, rehearsed)
    return _operate(operation, stack, source, log, document)


def _run(operation: Operation, source: Path, home: Home, log: RunLog, document: Path | None) -> int:
    own = home.root == source / ".sandbox"
    # Another sandbox than the checkout's own has its project files, which are edited in place, in its home.
    directory = source if own else home.root / "project"
    if not project_copy.stack_file(directory).exists():
        project_copy.copy(source, directory)
    names = principals.named(directory)
    _start(home, log)
    principals.introduce(home, names)
    if own:
        _refuse_by_hand(source, home)
    engine = pulumi_cli.find(log.say, log.note)
    stack = LocalStack(home, home.root / "project", engine, log.say, log.note, source if own else None)
    return _operate(operation, stack, home.root, log, document)


def _start(home: Home, log: RunLog) -> None:
    if lifecycle.running(home) is None:
        log.say("starting the sandbox …")
        lifecycle.start(home)


def _operate(operation: Operation, stack: LocalStack, where: Path, log: RunLog, document: Path | None) -> int:
    log.say(f"{stack}")
    log.say(f"{operation} of stack {stack.name} on {stack.home.url} …")
    outcome = stack.run(operation)
    if document:
        preview_document.write(document, outcome.document)
    return _told(operation, stack, outcome, where, log)


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


def _told(operation: Operation, stack: LocalStack, outcome: Outcome, where: Path, log: RunLog) -> int:
    if outcome.refusal is None:
        log.say(f"{operation} of stack {stack.name} took {outcome.seconds:.1f} s: {outcome.counts}")
        return 0
    log.say(f"{operation} of stack {stack.name} failed after {outcome.seconds:.1f} s; why is above, and in {log.file}")
    for line in _serving_now(stack.name, where):
        log.say(line)
    return 1


def _serving_now(stack: str, where: Path) -> list[str]:
    """Say what answers after a failed run: the first thing that the person on call wants to know."""
    try:
        return [proof.after_failure for proof in verify_stack(stack, where)]
    except ModelOpsError:
        return []
