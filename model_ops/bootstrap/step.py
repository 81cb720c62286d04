"""One step of a bootstrap, as data: what it is for, how to see whether it is done, how to do it and to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from model_ops.bootstrap.answer import Fields
from model_ops.bootstrap.command import Command

FOUND = "found_"
"""What begins a reference to a field of the thing that was found: `$found_id`."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """A question to Azure, and which of the things in the answer are meant."""

    command: Command
    at: str = ""
    """The path of the list in the answer, where it is not the answer itself."""
    among: Fields = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What a thing may hold that is not this stack's to take away."""

    look: Look
    name: str = "name"
    """The field that tells one from another."""
    own: tuple[str, ...] = ()
    """Those that are the stack's."""
    what: str = ""
    """What they are called in a sentence."""
    given_up_by: str = ""
    """The name by which somebody gives them up; empty where nobody can."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A thing that should be there, and be as `expected`."""

    label: str
    purpose: str
    """Why it is needed, in a sentence or two."""
    look: Look
    do: Command
    expected: Fields = field(default_factory=dict)
    mend: tuple[Command, ...] = ()
    """What puts right a thing that differs; without any, it is done anew."""
    undo: Command | None = None
    """What takes it back; None where `without_undo` says why nothing does."""
    without_undo: str = ""
    within: str = ""
    """The label of the step whose thing this one's goes with; where this one is kept, that one is too."""
    marked: Fields = field(default_factory=dict)
    """What a thing of that name says if this made it. Where it says something else, it is never taken back."""
    claim: Command | None = None
    """What marks a thing that somebody else made, on purpose; where there is one, such a thing is not used before."""
    instead: str = ""
    """What else to do where somebody else made a thing of that name."""
    holding: tuple[Holding, ...] = ()
    gives: Mapping[str, str] = field(default_factory=dict)
    """References that the thing settles, each with the path of its field."""
    by_hand: str = ""
    """Where no command makes it: what a person does instead."""


@dataclass(frozen=True, kw_only=True)
class Ban:
    """Things that should not be there: whatever the look finds beside those that are `allowed`."""

    label: str
    purpose: str
    look: Look
    mend: Command
    """What takes one of them away; `$found_…` is a field of it."""
    name: str
    """The field by which one is told."""
    allowed: tuple[Fields, ...] = ()
    mended: bool = False
    """Whether a run mends it; else it only says so, for somebody may rely on it."""


AnyStep = Step | Ban
