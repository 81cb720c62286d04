"""`python -m engine up|preview|refresh|destroy --stack NAME`: what the Makefile runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from engine import cloud_stack, principals, project_copy, pulumi_cli
from engine.local_stack import LocalStack, Operation, StackBusyError
from infra.settings.mistake import SettingsError
from model_ops.errors import ModelOpsError
from model_ops.proving.verify import verify_stack
from model_ops.stack import LOCAL
from sandbox import lifecycle
from sandbox.home import Home
from sandbox.lifecycle import SandboxError

EXPECTED = (SettingsError, SandboxError, pulumi_cli.EngineNotFoundError, StackBusyError, ModelOpsError)
PROOF_BOUND = 60.0
"""Seconds that the proof after an `up` waits for an endpoint that settles."""


@click.command()
@click.argument("operation", type=click.Choice(["up", "preview", "refresh", "destroy"]))
@click.option("--stack", default="", help="local, test or prod")
@click.option(
    "--home",
    default=".sandbox",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The sandbox of the local stack. The demo leaves one in .sandbox/demo; any other is made anew.",
)
def main(operation: Operation, stack: str, home: Path) -> None:
    """Run the engine on a stack; after an `up`, prove that what is pinned is what serves."""
    if not stack:
        raise click.UsageError(f"which stack? Say: make {operation} STACK=local   (or test, or prod)")
    source = Path.cwd()
    try:
        if stack == LOCAL:
            done, where = _local(operation, source, Home(home.absolute())), home.absolute()
        else:
            done, where = _cloud(operation, stack, source), source
        if done == 0 and operation == "up":
            done = _prove(stack, where)
    except EXPECTED as error:
        raise click.ClickException(str(error)) from None
    sys.exit(done)


def _local(operation: Operation, source: Path, home: Home) -> int:
    own = home.root == source / ".sandbox"
    # Another sandbox than the checkout's own has its project files, which are edited in place, in its home.
    directory = source if own else home.root / "project"
    if not directory.exists():
        project_copy.copy(source, directory)
    names = principals.named(directory)
    if lifecycle.running(home) is None:
        _say("starting the sandbox …")
        lifecycle.start(home)
    principals.introduce(home, names)
    engine = pulumi_cli.find(_say)
    stack = LocalStack(home, home.root / "project", engine, _say, source=source if own else None)
    _say(f"{operation} of stack {LOCAL} on {home.url} (Pulumi {engine.version}, {stack.plugin.kind} provider)")
    outcome = stack.run(operation)
    if outcome.error:
        click.echo(f"\n{operation} failed after {outcome.seconds:.1f} s:\n{outcome.error}", err=True)
        for line in _serving_now(home.root):
            _say(line)
        return 1
    counts = ", ".join(f"{count} {name}" for name, count in outcome.changes.items()) or "nothing to do"
    _say(f"{operation} of stack {LOCAL} took {outcome.seconds:.1f} s: {counts}")
    return 0


def _cloud(operation: Operation, stack: str, source: Path) -> int:
    lacks = cloud_stack.missing(stack, source, os.environ)
    if lacks:
        listed = "\n".join(f"  - {line}" for line in lacks)
        raise click.ClickException(f"Stack {stack} cannot be reached from here. Missing:\n{listed}")
    return cloud_stack.run(stack, operation, source)


def _prove(stack: str, where: Path) -> int:
    proofs = verify_stack(stack, where, timeout=PROOF_BOUND)
    for proof in proofs:
        click.echo(str(proof))
    return 0 if all(proof.held for proof in proofs) else 1


def _serving_now(where: Path) -> list[str]:
    """Say what answers after a failed run: the first thing that the person on call wants to know."""
    try:
        return [str(proof) for proof in verify_stack(LOCAL, where)]
    except ModelOpsError:
        return []


def _say(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
