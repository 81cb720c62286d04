"""Writes a bootstrap as a script for a POSIX shell: what was found in comments, what is to be done as commands.

It ends at the first command that fails, and at a variable that nobody set.
"""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from model_ops.bootstrap.command import Command
from model_ops.bootstrap.course import Removal
from model_ops.bootstrap.facts import REGION, Facts
from model_ops.bootstrap.handover import asked
from model_ops.bootstrap.repository import AzureDevOpsProject
from model_ops.bootstrap.standing import Standing
from model_ops.bootstrap.step import Ban, Look, Step

INDENT = "#    "
WIDE = 110
"""Columns of a comment."""
OF_THE_ACCOUNT = {"tenant": ("tenantId", "tsv"), "subscription_name": ("name", "json")}
"""References to who is signed in, each with the field that says it and how it is written: a name goes into JSON."""
STATES: Mapping[str, str] = {
    "there": "is there",
    "missing": "to make",
    "differs": "differs",
    "foreign": "somebody else's",
    "unseen": "not looked at",
}


def written(number: int, standing: Standing, known: Mapping[str, str]) -> Iterator[str]:
    """Write one step: its name and state, what it is for, what differs, and its commands.

    A command that need not be run is a comment.
    """
    step = standing.step
    yield f"# {number}. {step.label}: {state(standing)}"
    yield from remarks([step.purpose, *map(str, standing.differences), standing.why_unseen])
    yield from _banned(standing, step, known) if isinstance(step, Ban) else _wanted(standing, step, known)
    yield ""


def remarks(sentences: Iterable[str]) -> Iterator[str]:
    """Write sentences as comments, those that are long over several lines."""
    for sentence in sentences:
        yield from textwrap.wrap(
            sentence,
            WIDE,
            initial_indent=INDENT,
            subsequent_indent=INDENT,
            break_on_hyphens=False,
            break_long_words=False,
        )


def state(standing: Standing) -> str:
    """How a step stands, in a few words."""
    step = standing.step
    if not isinstance(step, Ban):
        return STATES[standing.state]
    names = ", ".join(str(each.get(step.name) or "without a name") for each in standing.strangers)
    return f"there is {names}" if names else "none" if standing.right else STATES[standing.state]


def mends(standing: Standing, known: Mapping[str, str]) -> Iterator[str]:
    """Write what puts a step right."""
    step = standing.step
    if isinstance(step, Step) and step.by_hand:
        yield f"# {step.by_hand}"
        return
    if isinstance(step, Step) and standing.state == "foreign":
        yield from remarks([step.instead, "To take it over on purpose:"])
        yield from _commented([mend.typed(known) for mend in standing.mends])
        return
    yield from (mend.typed(known) for mend in standing.mends)


def taken_back(number: int, removal: Removal, known: Mapping[str, str]) -> Iterator[str]:
    """Write how one step is taken back, or why it is not."""
    why_not = f": {removal.why_not}" if removal.why_not else ""
    yield f"# {number}. {removal.step.label}{why_not}"
    if removal.command:
        yield removal.command.typed(known)
    yield ""


def _banned(standing: Standing, ban: Ban, known: Mapping[str, str]) -> Iterator[str]:
    if standing.state == "unseen":
        yield ban.look.command.typed(known)
    yield from mends(standing, known) if ban.mended else _commented(list(mends(standing, known)))


def _wanted(standing: Standing, step: Step, known: Mapping[str, str]) -> Iterator[str]:
    if standing.right:
        yield from _commented([step.do.typed(known)])
    elif standing.state == "foreign":
        yield from mends(standing, known)
        yield f"echo {shlex.quote(f'{step.label}: somebody else made it')} >&2; exit 1"
    elif step.by_hand and standing.state != "unseen":
        yield f"# {step.by_hand}"
    elif step.by_hand:
        yield from _given(step, step.look, known)
    elif standing.state == "differs" or not step.gives.keys() - known.keys():
        yield from mends(standing, known)
    elif len(step.gives) == 1:
        yield step.do.typed(known, giving=next(iter(step.gives.items())))
    else:
        yield step.do.typed(known)
        yield from _given(step, step.look, known)


def _given(step: Step, look: Look, known: Mapping[str, str]) -> Iterator[str]:
    """Write what sets the variables that later commands want."""
    inside = f"{look.at}[0]." if look.at else ""
    for name, path in step.gives.items():
        yield look.command.typed(known, giving=(name, f"{inside}{path}"))


def remainder(found: Iterable[Standing], known: Mapping[str, str]) -> Iterator[str]:
    """Say what the mends of these want and nobody has said; empty where they want nothing."""
    if any(REGION in mend.lacks(known) for standing in found for mend in standing.mends):
        yield f"# ${REGION} is the region of the state; or say it: --location REGION"


def _commented(commands: Sequence[str]) -> Iterator[str]:
    yield from (f"# {line}" for command in commands for line in command.splitlines())


def header(facts: Facts, known: Mapping[str, str]) -> Iterator[str]:
    """Write what a shell needs first: to end at a failure, and the variables that no step gives."""
    yield "# A shell that runs this ends at the first failure. Show it anew then: what is done by then is left out."
    yield "set -eu"
    yield from (f': "${{{name}:?{what}}}"' for name, what in asked(facts).items())
    shown = Command.of("account show", subscription=facts.subscription)
    for name, (path, form) in OF_THE_ACCOUNT.items():
        if name not in known and (name == "tenant" or isinstance(facts.repository, AzureDevOpsProject)):
            yield shown.typed(known, giving=(name, path), form=form)
