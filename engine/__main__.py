"""`python -m engine up|preview|refresh|destroy --stack NAME`: what the Makefile runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine import cloud_stack
from model_ops import extras
from model_ops.cli.output import echo, refused, say
from model_ops.commands import OWN_HOME, SANDBOX_VARIABLE
from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError
from model_ops.proving.verify import verify_stack
from model_ops.rehearsed import Rehearsed
from model_ops.stack import LOCAL, stack_names

if TYPE_CHECKING:
    from engine.event_stack import Operation

PROOF_BOUND = 60.0
"""Seconds that the proof after an `up` waits for an endpoint that settles."""


@click.command()
@click.argument("operation", type=click.Choice(["up", "preview", "refresh", "destroy"]))
@click.option("--stack", default="", help="Which stack: NAME of Pulumi.NAME.yaml.")
@click.option(
    "--home",
    default=OWN_HOME,
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The sandbox of the local stack. The demo leaves one in .sandbox/demo; any other is made anew.",
)
@click.option(
    "--json",
    "document",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Of a preview: write what it would change to this file, as `pulumi preview --json` prints it.",
)
@click.option("--verbose", is_flag=True, help="Tell also why this engine and this provider were taken.")
def main(operation: Operation, stack: str, home: Path, *, document: Path | None, verbose: bool) -> None:
    """Run the engine on a stack; after an `up`, prove that what is pinned is what serves."""
    if not stack:
        known = ", ".join(stack_names(Path.cwd())) or "none yet"
        raise click.UsageError(f"which stack? Say: make {operation} STACK=NAME   (there is: {known})")
    if document and operation != "preview":
        raise click.UsageError(f"--json is of a preview alone: it does not go with {operation}.")
    source = Path.cwd()
    try:
        where = _where(stack, source, home)
        done = _run(operation, stack, source, where, verbose=verbose, document=document)
        if done == 0 and operation == "up":
            done = _finish(stack, source, where, verbose=verbose)
    except ModelOpsError as error:
        raise refused(error) from None
    sys.exit(done)


def _where(stack: str, source: Path, home: Path) -> Path:
    """The directory to ask `model_ops` about the stack in: a sandbox's home has its local stack."""
    if rehearsed := Rehearsed.find(stack):
        if home != Path(OWN_HOME):
            raise click.UsageError(
                f"--home {home} and {SANDBOX_VARIABLE}={rehearsed.home} name two sandboxes: drop one."
            )
        return source
    return home.absolute() if stack == LOCAL else source


def _run(
    operation: Operation, stack: str, source: Path, where: Path, *, verbose: bool, document: Path | None = None
) -> int:
    rehearsed = Rehearsed.find(stack)
    if stack != LOCAL and not rehearsed:
        return _cloud(operation, stack, source, document)
    extras.require("rehearse", "A rehearsal" if rehearsed else "The local stack")
    from engine import local_command  # what deploys to the cloud needs neither the sandbox nor what that is made of

    root = rehearsed.home if rehearsed else where
    return local_command.run(operation, source, root, rehearsed=rehearsed, verbose=verbose, document=document)


def _finish(stack: str, source: Path, where: Path, *, verbose: bool) -> int:
    """Run again where the `up` has only let go of something, and prove what serves."""
    if unfinished := DeployedStack.find(stack, where).target.unfinished:
        say(f"this run has let go; a second one {' and '.join(unfinished)} …")
        if done := _run("up", stack, source, where, verbose=verbose):
            return done
    return _prove(stack, where)


def _cloud(operation: Operation, stack: str, source: Path, document: Path | None) -> int:
    say(f"{operation} of stack {stack}: looking for what that needs …")
    lacks = cloud_stack.missing(stack, source, os.environ)
    if lacks:
        listed = "\n".join(f"  - {line}" for line in lacks)
        raise refused(f"Stack {stack} cannot be reached from here. Missing:\n{listed}")
    if document:
        return cloud_stack.preview(stack, source, document)
    return cloud_stack.run(stack, operation, source)


def _prove(stack: str, where: Path) -> int:
    say("proving that what is pinned is what serves …")
    proofs = verify_stack(stack, where, timeout=PROOF_BOUND)
    for proof in proofs:
        echo(str(proof))
    return 0 if all(proof.held for proof in proofs) else 1


if __name__ == "__main__":
    main()
