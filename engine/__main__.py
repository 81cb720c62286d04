"""`python -m engine up|preview|refresh|destroy --stack NAME`: what the Makefile runs."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine import cloud_stack, protection
from model_ops import extras
from model_ops.cli.output import echo, refused, say
from model_ops.commands import OWN_HOME, PROJECT, SANDBOX_VARIABLE, Commands
from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError
from model_ops.proving.verify import verify_deployed
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
    try:
        place = _Place.find(stack, home)
        if operation == "destroy":
            protection.confirm(place.edited, place.commands)
        done = _run(operation, place, verbose=verbose, document=document)
        if done == 0 and operation == "up":
            done = _finish(place, verbose=verbose)
    except ModelOpsError as error:
        raise refused(error) from None
    sys.exit(done)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A stack, the checkout that its file is edited in, and the sandbox that it is deployed to, if to any."""

    stack: str
    source: Path
    home: Path
    rehearsed: Rehearsed | None

    @classmethod
    def find(cls, stack: str, home: Path) -> _Place:
        """Look where `stack` is deployed to; raises StackError, and UsageError where two sandboxes are named."""
        rehearsed = Rehearsed.find(stack)
        if rehearsed and home != Path(OWN_HOME):
            raise click.UsageError(
                f"--home {home} and {SANDBOX_VARIABLE}={rehearsed.home} name two sandboxes: drop one."
            )
        return cls(stack=stack, source=Path.cwd(), home=home.absolute(), rehearsed=rehearsed)

    @property
    def in_cloud(self) -> bool:
        return self.stack != LOCAL and self.rehearsed is None

    @property
    def sandbox(self) -> Path:
        return self.rehearsed.home if self.rehearsed else self.home

    @property
    def edited(self) -> Path:
        """The directory with the file that people edit: another sandbox than the checkout's own has the local one."""
        elsewhere = self.stack == LOCAL and not self.rehearsed and self.home != self.source / OWN_HOME
        return self.home / PROJECT if elsewhere else self.source

    @property
    def commands(self) -> Commands:
        """What to type for it."""
        if self.rehearsed:
            return Commands.rehearsing(self.stack, self.source, self.rehearsed.home)
        return Commands.on_sandbox(self.stack, self.home, self.source)

    @property
    def project(self) -> Path:
        """The directory to ask `model_ops` about the stack in: a sandbox's home has its local stack."""
        return self.home if self.stack == LOCAL and not self.rehearsed else self.source


def _run(operation: Operation, place: _Place, *, verbose: bool, document: Path | None = None) -> int:
    if place.in_cloud:
        return _cloud(operation, place.stack, place.source, document)
    rehearsed = place.rehearsed
    extras.require("rehearse", "A rehearsal" if rehearsed else "The local stack")
    from engine import local_command  # what deploys to the cloud needs neither the sandbox nor what that is made of

    return local_command.run(
        operation, place.source, place.sandbox, rehearsed=rehearsed, verbose=verbose, document=document
    )


def _finish(place: _Place, *, verbose: bool) -> int:
    """Run again where the `up` has only let go of something, and prove what serves."""
    deployed = DeployedStack.find(place.stack, place.project)
    if unfinished := deployed.target.unfinished:
        say(f"this run has let go; a second one {' and '.join(unfinished)} …")
        if done := _run("up", place, verbose=verbose):
            return done
        deployed = DeployedStack.find(place.stack, place.project)
    return _prove(deployed)


def _cloud(operation: Operation, stack: str, source: Path, document: Path | None) -> int:
    say(f"{operation} of stack {stack}: looking for what that needs …")
    lacks = cloud_stack.missing(stack, source, os.environ)
    if lacks:
        listed = "\n".join(f"  - {line}" for line in lacks)
        raise refused(f"Stack {stack} cannot be reached from here. Missing:\n{listed}")
    if document:
        return cloud_stack.preview(stack, source, document)
    if operation == "destroy":
        protection.confirm_let_go(cloud_stack.state(stack, source), Commands.at(stack, source))
    return cloud_stack.run(stack, operation, source)


def _prove(deployed: DeployedStack) -> int:
    say("proving that what is pinned is what serves …")
    proofs = verify_deployed(deployed, timeout=PROOF_BOUND)
    for proof in proofs:
        echo(str(proof))
    return 0 if all(proof.held for proof in proofs) else 1


if __name__ == "__main__":
    main()
