"""How a step stands in Azure: looked up, and compared with what is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from model_ops.bootstrap.answer import Difference, Fields, differences, is_such, things
from model_ops.bootstrap.answer import field as field_of
from model_ops.bootstrap.command import Command, filled
from model_ops.bootstrap.step import FOUND, AnyStep, Ban, Holding, Look, Step
from model_ops.errors import BootstrapError, ForbiddenError

State = Literal["there", "missing", "differs", "foreign", "unseen"]
"""`foreign` is what somebody else made, and `unseen` what nobody looked at, or may look at."""


class Azure(Protocol):
    """What Azure is asked and told by."""

    def look(self, words: tuple[str, ...]) -> Any:
        """What is there; None where nothing is."""

    def act(self, words: tuple[str, ...]) -> Any:
        """Do something; give what it answers."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A step, and what was found of it."""

    step: AnyStep
    state: State
    found: Mapping[str, Any] | None = None
    differences: tuple[Difference, ...] = ()
    strangers: tuple[Mapping[str, Any], ...] = ()
    """Of a ban: what is there and should not be."""
    why_unseen: str = ""

    @property
    def right(self) -> bool:
        """Whether there is nothing to do."""
        return self.state == "there"

    @property
    def details(self) -> dict[str, str]:
        """References to the fields of what was found: `$found_id`."""
        return _details(self.found or {})

    @property
    def mends(self) -> tuple[Command, ...]:
        """What makes it as it should be, as far as it is known; nothing where nothing is to do."""
        if isinstance(self.step, Ban):
            return tuple(self.step.mend.of_thing(_details(each)) for each in self.strangers)
        if self.right:
            return ()
        if self.state == "foreign" and self.step.claim:
            return (self.step.claim.of_thing(self.details),)
        mends = self.step.mend if self.state == "differs" and self.step.mend else (self.step.do,)
        return tuple(mend.of_thing(self.details) for mend in mends)


@dataclass
class Observer:
    """Looks at steps, one after the other, and remembers the ids that later ones need.

    Without `azure` it sees nothing.
    """

    azure: Azure | None
    known: dict[str, str] = field(default_factory=dict)
    _answers: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def forget(self) -> None:
        """Ask anew from now on: something was changed."""
        self._answers.clear()

    def stand(self, step: AnyStep) -> Standing:
        """How a step stands; raises AzureError, and BootstrapError where it cannot tell which of two is meant."""
        if self.azure is None:
            return Standing(step=step, state="unseen")
        try:
            return self._banned(step) if isinstance(step, Ban) else self._wanted(step)
        except ForbiddenError as error:
            return Standing(step=step, state="unseen", why_unseen=error.headline)

    def learn(self, step: Step, thing: Mapping[str, Any]) -> None:
        """Remember the ids that a thing gives."""
        for name, path in step.gives.items():
            if value := field_of(thing, path):
                self.known[name] = str(value)

    def fill(self, fields: Fields) -> Fields:
        """Put the ids that are known into values."""
        return {path: filled(value, self.known) if isinstance(value, str) else value for path, value in fields.items()}

    def held(self, holding: Holding) -> list[str]:
        """Name what a thing holds that is not the stack's; raises AzureError where that cannot be told."""
        own = {name.casefold() for name in holding.own}
        names = [str(field_of(each, holding.name)) for each in self._find(holding.look) or ()]
        return [name for name in names if name.casefold() not in own]

    def _wanted(self, step: Step) -> Standing:
        found = self._find(step.look)
        if not found:
            return Standing(step=step, state="missing")
        if step.claim:
            own = [each for each in found if is_such(each, step.marked)]
            if not own:
                unlike = differences(found[0], step.marked)
                return Standing(step=step, state="foreign", found=found[0], differences=unlike)
            found = own
        if len(found) > 1:
            raise BootstrapError(
                f"There are {len(found)} of {step.label}, and it cannot be told which is meant.\n"
                f"See them: {step.look.command.typed(self.known)}\nDelete or rename those that are not."
            )
        self.learn(step, found[0])
        wrong = differences(found[0], self.fill(step.expected))
        return Standing(step=step, state="differs" if wrong else "there", found=found[0], differences=wrong)

    def _banned(self, ban: Ban) -> Standing:
        found = self._find(ban.look) or ()
        strangers = tuple(each for each in found if not any(is_such(each, such) for such in ban.allowed))
        return Standing(step=ban, state="differs" if strangers else "there", strangers=strangers)

    def _find(self, look: Look) -> list[Mapping[str, Any]]:
        """What is meant among what is there; nothing where what it hangs on is not there."""
        if self.azure is None or look.command.lacks(self.known):
            return []
        words = look.command.filled(self.known)
        if words not in self._answers:
            self._answers[words] = self.azure.look(words)
        return [each for each in things(self._answers[words], look.at) if is_such(each, look.among)]


def _details(thing: Mapping[str, Any]) -> dict[str, str]:
    return {f"{FOUND}{name.lower()}": value for name, value in thing.items() if isinstance(value, str)}
