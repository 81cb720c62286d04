"""`bootstrap`: what a stack needs before its first deployment, shown, made, checked and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from model_ops.cli import completing
from model_ops.cli.options import json_option, project_option, yes_option
from model_ops.cli.output import echo, print_json, refused, say
from model_ops.cli.waiting import WAITING
from model_ops.commands import Commands

if TYPE_CHECKING:
    from model_ops.bootstrap.course import Removal
    from model_ops.bootstrap.facts import Facts
    from model_ops.bootstrap.standing import Observer, Standing
    from model_ops.bootstrap.step import AnyStep

AGAIN = "the same with --yes (by make: ARGS=--yes)"
FACTS = (
    "subscription",
    "location",
    "account",
    "container",
    "vault",
    "resource_group",
    "repository",
    "application",
    "account_id",
)
"""Options that say what the files do not."""


@click.command()
@click.option("--stack", required=True, shell_complete=completing.stacks, help="The stack: NAME of Pulumi.NAME.yaml.")
@click.option("--check", is_flag=True, help="Name what was changed by hand since; exit 1 where something was.")
@click.option("--undo", is_flag=True, help="Take back what it made, the last first.")
@click.option("--delete-state", metavar="CONTAINER", help="With --undo: the container whose states are given up.")
@click.option("--subscription", help="Azure's. [default: that of the workspace that the stack adopts]")
@click.option("--location", help="The region of the state. [default: that of the platform that the stack creates]")
@click.option(
    "--storage-account", "account", help="Of the state. [default: as Pulumi.yaml says, or made from the stack's name]"
)
@click.option("--container", help="Of the state. [default: as Pulumi.yaml says, or the stack's name]")
@click.option("--key-vault", "vault", help="[default: as the stack's file says, or made from its name]")
@click.option(
    "--resource-group",
    help="Of all these. [default: rg-PROJECT-STACK-state; rg-PROJECT-state where Pulumi.yaml names the account]",
)
@click.option("--repository", help="OWNER/NAME on GitHub, or a project's address in Azure DevOps. [default: `origin`]")
@click.option("--application", help="The application that deploys; others add to its name. [default: PROJECT-STACK]")
@click.option("--databricks-account", "account_id", help="The Databricks account's id, for what is left to a person.")
@click.option("--serving", is_flag=True, help="An identity of its own for serving, beside the one that deploys.")
@project_option
@json_option
@yes_option
def bootstrap(*, stack: str, check: bool, undo: bool, project: Path, as_json: bool, yes: bool, **given: Any) -> None:
    """Make what comes before a first deployment: a place for the state, and identities.

    It acts by the Azure CLI, as whoever is signed in there. Without --yes it shows each step, what it is for and its
    command, and changes nothing; what it prints is a script. A step that finds what it wants does nothing, so that it
    can be run again. See docs/bootstrap.md.
    """
    from model_ops.bootstrap.gathering import gather
    from model_ops.bootstrap.plan import steps

    _require_stack(stack, project)
    _require_one(check=check, undo=undo, yes=yes, as_json=as_json, delete_state=given["delete_state"])
    WAITING.doing("reading the stack's file")
    known = {name: given[name] or "" for name in FACTS}
    facts = gather(stack, project, known, serving=given["serving"] or undo, making=not (check or undo))
    observer = _observer(facts, needed=check or undo or yes)
    planned = _of_check(facts, observer) if check else steps(facts)
    if undo:
        _take_back(planned, observer, given["delete_state"] or "", as_json=as_json, yes=yes)
    elif check:
        _check(planned, observer, as_json=as_json)
    elif yes:
        _make(facts, planned, observer)
    else:
        _show(facts, planned, observer, as_json=as_json)


def _require_stack(stack: str, project: Path) -> None:
    from model_ops.stack import stack_names

    if not stack:
        known = ", ".join(stack_names(project)) or "none yet"
        raise click.UsageError(f"which stack? Say: {Commands(stack='NAME').bootstrap}   (there is: {known})")


def _require_one(*, check: bool, undo: bool, yes: bool, as_json: bool, delete_state: str | None) -> None:
    if check and (undo or yes):
        raise click.UsageError("--check only looks: leave --undo and --yes out.")
    if as_json and yes:
        raise click.UsageError("--json only shows: leave --yes out.")
    if delete_state and not undo:
        raise click.UsageError("--delete-state goes with --undo.")


def _observer(facts: Facts, *, needed: bool) -> Observer:
    """What looks at Azure; what sees nothing where nobody is signed in, and nothing is to be done."""
    from model_ops.bootstrap.azure_cli import AzureCli
    from model_ops.bootstrap.standing import Observer
    from model_ops.errors import AzureError

    WAITING.doing("asking the Azure CLI who is signed in")
    try:
        azure = AzureCli.find()
        account = azure.account(facts.subscription)
    except AzureError as error:
        if needed:
            raise
        say(f"Azure was not looked at: {error}")
        return Observer(None)
    say(f"Signed in as {account.user}, to the subscription {account.subscription_name}.")
    return Observer(azure, {"tenant": account.tenant, "subscription_name": json.dumps(account.subscription_name)})


def _of_check(facts: Facts, observer: Observer) -> Sequence[AnyStep]:
    """The steps that a check looks at: those of an identity for serving too where there is one, asked for or not.

    One that somebody else made under its name is none of the stack's.
    """
    from model_ops.bootstrap.identity_steps import APPLICATION_OF_SERVING
    from model_ops.bootstrap.plan import steps
    from model_ops.bootstrap.step import Step

    every = steps(replace(facts, serving=True))
    apart = [each for each in every if isinstance(each, Step) and APPLICATION_OF_SERVING in each.gives]
    there = any(observer.stand(each).state not in ("missing", "foreign") for each in apart)
    return every if there else steps(facts)


def _show(facts: Facts, planned: Sequence[AnyStep], observer: Observer, *, as_json: bool) -> None:
    from model_ops.bootstrap import script
    from model_ops.bootstrap.handover import handover

    found = _stood(planned, observer)
    if as_json:
        print_json([_plain(standing, observer) for standing in found])
        return
    _echo(_title(facts, observer))
    for number, standing in enumerate(found, 1):
        _echo(script.written(number, standing, observer.known))
    _echo(handover(facts, observer.known))
    if observer.azure is None:
        say(f"These are {len(found)} steps. Nothing is changed. To do them: az login, then {AGAIN}")
    elif to_do := sum(not standing.right for standing in found):
        say(f"{to_do} of {len(found)} steps are to do. Nothing is changed. To do them: {AGAIN}")
    else:
        say(f"All {len(found)} steps are done.")


def _title(facts: Facts, observer: Observer) -> Iterable[str]:
    from model_ops.bootstrap import script
    from model_ops.bootstrap.handover import beforehand

    kind = "creates its platform" if facts.creates else "adopts a workspace"
    yield f"# Stack {facts.stack}, which {kind}, deployed from {facts.repository}."
    if not facts.creates:
        yield "# None of its identities gets a role on that workspace: Databricks alone says what they may do in it."
    yield from script.header(facts, observer.known)
    yield ""
    yield from beforehand(facts)


def _make(facts: Facts, planned: Sequence[AnyStep], observer: Observer) -> None:
    from model_ops.bootstrap import script
    from model_ops.bootstrap.course import carry_out
    from model_ops.bootstrap.handover import handover
    from model_ops.bootstrap.step import Step
    from model_ops.errors import ModelOpsError

    _echo(_title(facts, observer))
    left = []
    for number, step in enumerate(planned, 1):
        try:
            WAITING.doing(f"looking at step {number} of {len(planned)}: {step.label}")
            standing = observer.stand(step)
            _echo(script.written(number, standing, observer.known))
            WAITING.doing(f"doing step {number} of {len(planned)}: {step.label}")
            carry_out(standing, observer)
        except ModelOpsError as error:
            raise refused(
                f"Step {number} of {len(planned)}, {step.label}: {error}\n"
                "What was done before it stays. Run the same again: it goes on from here"
            ) from None
        left += [] if standing.right or isinstance(step, Step) or step.mended else [standing]
    _echo(handover(facts, observer.known))
    say(f"Done: {len(planned)} steps. See that it stays so: the same with --check instead of --yes")
    for standing in left:
        say(f"Left as it is, {standing.step.label}: {script.state(standing)}. Its command is above")


def _check(planned: Sequence[AnyStep], observer: Observer, *, as_json: bool) -> None:
    from model_ops.bootstrap import script

    found = _stood(planned, observer)
    wrong = [standing for standing in found if not standing.right]
    if as_json:
        print_json([_plain(standing, observer) for standing in found])
    else:
        for standing in wrong:
            _echo([f"# {standing.step.label}: {script.state(standing)}"])
            _echo(script.remarks([*map(str, standing.differences), standing.why_unseen]))
            _echo([*script.mends(standing, observer.known), ""])
        _echo(script.remainder(wrong, observer.known))
    if wrong:
        raise refused(f"Of {len(found)} steps {len(wrong)} are not as they were made. What mends each is above")
    say(f"All {len(found)} steps are as they were made.")


def _take_back(planned: Sequence[AnyStep], observer: Observer, given_up: str, *, as_json: bool, yes: bool) -> None:
    from model_ops.bootstrap import script
    from model_ops.bootstrap.course import removals
    from model_ops.errors import ModelOpsError

    WAITING.doing("looking at what there is to take back")
    found = removals(planned, observer, given_up)
    if as_json:
        print_json([_plain_removal(removal, observer) for removal in found])
        return
    for number, removal in enumerate(found, 1):
        _echo(script.taken_back(number, removal, observer.known))
        if not yes or removal.command is None or observer.azure is None:
            continue
        WAITING.doing(f"taking back {removal.step.label}")
        try:
            observer.azure.act(removal.command.filled(observer.known))
        except ModelOpsError as error:
            raise refused(f"{removal.step.label}: {error}\nRun the same again: it goes on from here") from None
    count, unseen = sum(removal.command is not None for removal in found), sum(removal.unseen for removal in found)
    if unseen:
        done = f"{count} were taken back" if yes else f"{count} would be taken back, and nothing is changed"
        raise refused(f"{unseen} could not be looked at: why is above. Of the rest, {done}")
    say(f"{count} were taken back." if yes else f"{count} would be taken back. Nothing is changed. To do it: {AGAIN}")


def _stood(planned: Sequence[AnyStep], observer: Observer) -> list[Standing]:
    found = []
    for number, step in enumerate(planned, 1):
        WAITING.doing(f"looking at step {number} of {len(planned)}: {step.label}")
        found.append(observer.stand(step))
    return found


def _plain(standing: Standing, observer: Observer) -> dict[str, Any]:
    from model_ops.bootstrap import script

    return {
        "step": standing.step.label,
        "purpose": standing.step.purpose,
        "state": standing.state,
        "found": [str(each) for each in standing.differences] or script.state(standing),
        "commands": list(script.mends(standing, observer.known)),
    }


def _plain_removal(removal: Removal, observer: Observer) -> dict[str, Any]:
    command = removal.command.typed(observer.known) if removal.command else None
    return {"step": removal.step.label, "kept_because": removal.why_not or None, "command": command}


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        echo(line)
