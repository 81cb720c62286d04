"""`check`, `verify` and `ask`: may it be served, is it served, and what does it say."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

import click

from model_ops.cli.describing import FIELDS, field_cells
from model_ops.cli.options import Chosen, json_option, loading_option, on_model, on_stack
from model_ops.cli.output import echo, print_json, print_table, say
from model_ops.cli.waiting import WAITING

if TYPE_CHECKING:
    from model_ops.checks.report import CheckReport
    from model_ops.deployed import DeployedStack
    from model_ops.proving.verify import Proof
    from model_ops.target import TargetModel

TYPED = 300
"""Characters that somebody pastes into a command line."""
MARKS = {"passed": "passed  ", "failed": "FAILED  ", "unknown": "unknown ", "accepted": "ACCEPTED"}


@click.command()
@on_model
@click.option("--pin", "number", type=click.IntRange(min=1), help="The version.  [default: what the stack pins]")
@loading_option
@json_option
def check(chosen: Chosen, number: int | None, loading: bool, as_json: bool) -> None:
    """Check whether a version may be served here.

    Every failed check is listed, not just the first.
    """
    from model_ops.checks.check import check_version

    stack, model = chosen.model()
    number = number or stack.pinned(model)
    WAITING.doing(checking(f"version {number}", loading=loading))
    report = check_version(stack, model, number, loading=loading)
    if as_json:
        print_json(report)
    else:
        print_report(report)
    sys.exit(0 if report.passed else 1)


@click.command()
@on_stack
@click.option("--timeout", default=0.0, show_default=True, help="Seconds to wait for an update that goes on.")
@click.option("--request/--no-request", default=True, show_default=True, help="Send each version's own example too.")
@click.option("--move-aliases", is_flag=True, help="Once all is proven, let champion, previous and challenger follow.")
@json_option
def verify(chosen: Chosen, timeout: float, request: bool, move_aliases: bool, as_json: bool) -> None:
    """Prove that what the stack pins is what answers.

    Exits 0 if so, 1 if not, with every reason.
    """
    from model_ops.proving.verify import verify_deployed

    stack = chosen.open()
    proofs = verify_deployed(stack, timeout=timeout, request=request)
    if as_json:
        print_json([_as_json(stack, proof) for proof in proofs])
    else:
        _print_proofs(stack, proofs)
    if not all(proof.held for proof in proofs):
        sys.exit(1)
    if move_aliases:
        from model_ops.versions.aliases import move_after_rollout

        for proof in proofs:
            for alias, number in move_after_rollout(stack, proof.model).items():
                now = f"now names version {number}" if number else "is gone: what it named is champion"
                say(f"{proof.model.name}: {alias} {now}")


def _as_json(stack: DeployedStack, proof: Proof) -> dict[str, Any]:
    """A proof, with the sandbox that stood for the workspace: null where it is of the workspace itself."""
    rehearsed = stack.address.rehearsed if stack.address else None
    return {
        "model": proof.model,
        "rehearsed_on": str(rehearsed.home) if rehearsed else None,
        "held": proof.held,
        "verdict": proof.verdict,
        "probes": proof.probes,
    }


def _print_proofs(stack: DeployedStack, proofs: Sequence[Proof]) -> None:
    from model_ops.proving.status import undeployed

    if stack.address and stack.address.rehearsed:
        # On standard output too: whoever keeps the proof keeps with it that it is not of the real workspace.
        echo(f"rehearsed: {stack.address.rehearsed}")
    for proof in proofs:
        echo(str(proof))
        for line in undeployed(stack, proof.model):
            say(line)


@click.command()
@click.argument("words", nargs=-1, metavar="[QUESTION | NAME=VALUE... | JSON]")
@click.option("--input", "file", type=click.File(encoding="utf-8"), help="A file with the request as JSON; - is stdin.")
@on_model
@json_option
def ask(chosen: Chosen, words: tuple[str, ...], file: TextIO | None, as_json: bool) -> None:
    """Ask the endpoint, whatever its model takes.

    A question goes to a chat, or to a model that takes one text. Any other takes its fields as NAME=VALUE, or a
    request as JSON: whole as the endpoint takes it, a row, or a list of rows. Without any of these the fields are
    shown, with the version's own example.

    Shows the answer, which version gave it and how long it took.
    """
    from model_ops.proving.asking import ask_endpoint, make_request

    if words and file:
        raise click.UsageError("Say what to ask either here or in --input, not both.")
    stack, model = chosen.model()
    if not words and file is None:
        _print_input(stack, model, as_json=as_json)
        return
    request = make_request(stack, model, words, file.read() if file else None)
    WAITING.doing(f"asking endpoint {model.endpoint_name}")
    answer = ask_endpoint(stack, model, request)
    if as_json:
        print_json({"answer": answer.prediction, "version": answer.version, "seconds": round(answer.seconds, 3)})
        return
    echo(answer.text)
    say(f"(version {answer.version or 'unknown'}, {answer.seconds * 1000:.0f} ms)")


def _print_input(stack: DeployedStack, model: TargetModel, *, as_json: bool) -> None:
    """Show what the version that serves takes."""
    from model_ops.proving.asking import read_input

    found = read_input(stack, model)
    rows = [row for row in found.signature.rows() if row.side != "outputs"] if found.signature else []
    if as_json:
        print_json({"version": found.version, "fields": rows, "example": found.example})
        return
    echo(f"version {found.version} of {model.full_name} takes")
    print_table(FIELDS, [field_cells(row) for row in rows])
    example = json.dumps(found.example, ensure_ascii=False)
    echo(f"{'its own example' if found.own else 'an example, made of its signature'}:\n{example}")
    say(f"To ask it that: {stack.commands_for(model).model_ops('ask', _as_word(example))}")


def _as_word(example: str) -> str:
    """What to type for an example; nobody types a long one."""
    return shlex.quote(example) if len(example) <= TYPED else "--input FILE"


def checking(version: str, *, loading: bool) -> str:
    """Say what a check does that takes a while."""
    return f"checking {version}{', which is downloaded and loaded here' if loading else ''}"


def print_report(report: CheckReport) -> None:
    """Print each check on a line, and below what speaks against it what to type next."""
    echo(f"version {report.number} of {report.model}, for stack {report.stack}:")
    for check in report.checks:
        found, *mend = check.lines
        echo(f"  {MARKS[check.outcome]}  {check.name}: {found}")
        for line in mend:
            echo(f"            {line}")
    failed, unmade = len(report.failed), ", ".join(check.name for check in report.unmade)
    untold = ", ".join(check.name for check in report.checks if check.outcome == "unknown")
    if failed:
        echo(f"  {failed} of {len(report.checks)} checks failed")
    elif unmade:
        echo(f"  Whether it may be served is not known, for this was not checked: {unmade}")
    else:
        echo(f"  Nothing speaks against it, but this is not known: {untold}" if untold else "  It may be served.")
