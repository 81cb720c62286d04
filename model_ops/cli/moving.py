"""`pin`, `rollback` and `promote`: each shows its plan, and acts with `--yes`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from model_ops import printable
from model_ops.cli import completing
from model_ops.cli.options import Chosen, Conduct, conducted, on_model, project_option, say_if_rehearsed
from model_ops.cli.output import echo, say
from model_ops.cli.proving import checking, print_report
from model_ops.cli.waiting import WAITING
from model_ops.commands import typed
from model_ops.errors import CheckError

if TYPE_CHECKING:
    from model_ops.deployed import DeployedStack
    from model_ops.pinning.plan import PinPlan
    from model_ops.pinning.promotion import Promotion
    from model_ops.pinning.warming import WarmPlan


@click.command()
@click.argument("version", type=click.IntRange(min=1), shell_complete=completing.versions)
@on_model
@conducted
def pin(chosen: Chosen, version: int, conduct: Conduct) -> None:
    """Pin a version: change the one line, after its checks."""
    from model_ops.pinning.plan import plan_pin

    stack, model = chosen.model()
    require_new_branch(stack, conduct)
    WAITING.doing(checking(f"version {version}", loading=conduct.loading))
    _carry_out(plan_pin(stack, model, version, loading=conduct.loading, accept=conduct.accept), conduct)


@click.command()
@on_model
@click.option(
    "--to",
    type=click.IntRange(min=1),
    shell_complete=completing.versions,
    help="The version.  [default: the one that served before]",
)
@conducted
def rollback(chosen: Chosen, to: int | None, conduct: Conduct) -> None:
    """Pin the version that was proven to serve before.

    Which one that is comes from the engine's own history of updates that succeeded. It is never newer than what the
    file pins or what serves: going forward wants --to. Once a rollback is deployed, a second one is refused, with the
    older and the newer version that served; going further back wants --to as well.
    """
    from model_ops.pinning.rollback import plan_rollback

    stack, model = chosen.model()
    require_new_branch(stack, conduct)
    WAITING.doing(checking("the version to go back to", loading=conduct.loading))
    _carry_out(plan_rollback(stack, model, to=to, loading=conduct.loading, accept=conduct.accept), conduct)


@click.command()
@click.option(
    "--from",
    "source",
    required=True,
    shell_complete=completing.stacks,
    metavar="STACK|FILE|DIR",
    help="Where the version is served now.",
)
@click.option(
    "--to",
    "target",
    required=True,
    shell_complete=completing.stacks,
    metavar="STACK|FILE|DIR",
    help="Where it is to be served.",
)
@click.option("--version", "number", type=click.IntRange(min=1), help="[default: what the first stack pins and serves]")
@click.option(
    "--model", shell_complete=completing.models, help="Which of the stacks' models; needed where they serve several."
)
@project_option
@conducted
def promote(source: str, target: str, number: int | None, model: str | None, project: Path, conduct: Conduct) -> None:
    """Promote a version from one stack to another.

    It is copied to the other registry with its lineage as tags, checked there, then pinned there.

    Each stack is named, or given as a FILE.json that holds what `pulumi stack output --json` printed of it, or as the
    directory of a sandbox.
    """
    from model_ops.pinning.program import require_taken
    from model_ops.pinning.promotion import copy_version, plan_promoted_pin, plan_promotion

    there = _opened(target, project)
    require_new_branch(there, conduct)
    here = _opened(source, project)
    plan = plan_promotion(here, there, model, number)
    _print_promotion(plan)
    require_taken(plan.edit, there.name)
    _require_sound(here, plan, conduct)
    if not conduct.yes:
        echo(plan.edit.diff(), nl=False)
        say("Nothing is changed yet. To copy, check and pin it: the same with --yes")
        return
    WAITING.doing(f"copying it to {plan.target.label}")
    copied = copy_version(plan)
    say(
        f"It is version {copied.copy} of {copied.model.full_name} now." if plan.copy is None else "It is there already."
    )
    # It was loaded before it was copied; the copy has the same files.
    _carry_out(plan_promoted_pin(copied, loading=False, accept=conduct.accept), conduct)


def _require_sound(here: DeployedStack, plan: Promotion, conduct: Conduct) -> None:
    """Check a version where it comes from, so that one that fails is not copied at all."""
    from model_ops.checks.check import check_version

    model, version = here.model(plan.model.name), plan.lineage.version
    WAITING.doing(checking(f"version {version.number}", loading=conduct.loading))
    report = check_version(here, model, version.number, loading=conduct.loading).accepting(conduct.accept)
    print_report(report)
    if not report.passed:
        raise CheckError(f"Nothing was copied or changed. {report.against}")


def require_new_branch(stack: DeployedStack, conduct: Conduct) -> None:
    """Find out before anything is checked or copied whether the commit can be made."""
    from model_ops.pinning.plan import require_branch

    if conduct.branch is not None:
        require_branch(stack.file, conduct.branch)


def _opened(named: str, project: Path) -> DeployedStack:
    from model_ops.deployed import DeployedStack
    from model_ops.stack import LOCAL

    if Path(named).is_dir():
        return DeployedStack.find(LOCAL, Path(named))
    if named.endswith(".json"):
        return DeployedStack.read(Path(named), project)
    say_if_rehearsed(named)
    return DeployedStack.find(named, project)


def _print_promotion(plan: Promotion) -> None:
    version = plan.lineage.version
    echo(f"promote version {version.number} of {version.model} from {plan.source.label} to {plan.target.label}")
    if plan.copy is not None:
        echo(f"  it is version {plan.copy} of {plan.model.full_name} there already")
        return
    echo(f"  as a new version of {plan.model.full_name}, the next of which is {plan.expected}, with the tags")
    for name, value in sorted(plan.tags.items()):
        echo(printable.line(f"    {name} = {value}"))


def _carry_out(plan: PinPlan, conduct: Conduct) -> None:
    """Show a plan and, where it was told to, write it; exits 1 where a check speaks against it."""
    if plan.reason:
        echo(f"version {plan.edit.new}: {plan.reason}")
    how = "is deployed and ready: going there changes the traffic and builds nothing" if plan.warm else "is not warm"
    echo(f"version {plan.edit.new} {how}{'' if plan.warm else ': going there deploys it first'}")
    for line in _canary_lines(plan):
        echo(line)
    if not plan.changes and plan.report.passed:
        print_report(plan.report)
        say(f"{plan.edit.path.name} pins version {plan.edit.new} already. Deploy it: {plan.commands.up}")
        return
    carry_out(plan, conduct, "a version is pinned once it passed its checks")


def carry_out(plan: PinPlan | WarmPlan, conduct: Conduct, rule: str) -> None:
    """Show what the checks found and the edit and, where it was told to, write it; exits 1 where a check failed."""
    if plan.report.checks:
        print_report(plan.report)
    if not plan.report.passed:
        raise CheckError(f"Nothing was changed: {rule}. {plan.report.against}")
    echo(plan.edit.diff(), nl=False)
    if not conduct.yes:
        say("Nothing is changed yet. To write it: the same with --yes")
        return
    _write(plan, conduct.branch)


def _canary_lines(plan: PinPlan) -> Iterator[str]:
    """Say what becomes of a canary: nobody thinks of it at night."""
    if plan.edit.promotes_canary:
        yield f"version {plan.edit.new} is the canary: it gets all of the traffic, and the canary goes from the file"
    elif plan.edit.canary:
        stays = f"version {plan.edit.canary} stays the canary beside it, with its share of the traffic"
        yield f"{stays}: to end that, remove `canary` of {plan.model} from {plan.edit.path.name}"


def _write(plan: PinPlan | WarmPlan, branch: str | None) -> None:
    from model_ops.pinning.plan import apply_pin, commit_pin

    if branch is None:
        apply_pin(plan)
        say(f"{typed(plan.edit.path)} is changed. See what that does: {plan.commands.engine('preview')}")
        say(f"Then deploy it: {plan.commands.up}")
        return
    commit = commit_pin(plan, branch)
    say(f"Commit {commit.hash[:12]} is on branch {branch}. Open the pull request: {plan.commands.pull_request(branch)}")
    sys.exit(0)
