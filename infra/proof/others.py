"""What others hold on a catalog or a schema, which stacks and people share: handed on by a stack, which takes its own.

Its word on such a thing is what is there, without what it gave itself in its last run, and with what it gives now. So
two stacks of one workspace do not take away from each other, nor from what somebody gave by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from infra.proof import bound_elsewhere
from infra.proof.thing import Body, Thing
from infra.proof.workspace_api import UnansweredError
from infra.settings import printable
from infra.settings.mistake import told

Privileges = Mapping[str, tuple[str, ...]]
Get = Callable[[str], Body | None]
"""Gives what is at a path of the workspace's API, None where there is nothing; raises UnansweredError."""


class Others:
    """Asks for what is there by `get`; `given` is what this stack gave in its last run, by `Thing.label`."""

    def __init__(self, get: Get, given: Mapping[str, Privileges]) -> None:
        self._get, self._before = get, given
        self.given: dict[str, Privileges] = {}
        """What this stack gives in this run."""
        self.let_go: list[str] = []
        """What it gave, and leaves to others from now on, by label."""

    def beside(self, thing: Thing, wanted: Privileges) -> Privileges:
        """Everybody's privileges on a thing, once this stack gives what is `wanted` there.

        Raises pulumi.RunError where the workspace does not say what is there.
        """
        self.given[thing.label] = wanted
        before, there = self._before.get(thing.label, {}), self._there(thing)
        kept = {who: set(held) - set(before.get(who, ())) for who, held in there.items()}
        gathered = {who: kept.get(who, set()) | set(wanted.get(who, ())) for who in sorted({*kept, *wanted})}
        return {who: tuple(sorted(each)) for who, each in gathered.items() if each}

    def one_by_one(self, thing: Thing, wanted: Privileges) -> Privileges:
        """The same of those alone whom this stack names, or named in its last run and others give something too."""
        everybody = self.beside(thing, wanted)
        return {who: each for who, each in everybody.items() if who in {*wanted, *self._before.get(thing.label, {})}}

    def left(self, thing: Thing) -> Privileges:
        """Everybody's privileges on a thing on which this stack gives none any more: all that is there stays.

        Raises pulumi.RunError where the workspace does not say what is there.
        """
        return self._there(thing)

    def left_one_by_one(self, thing: Thing) -> Privileges:
        """The same of those alone whom this stack named in its last run: single grants, which the next run forgets.

        Where it named nobody, nothing is asked.
        """
        before = self._before.get(thing.label)
        left = {who: each for who, each in self.left(thing).items() if who in before} if before else {}
        if left:
            self.let_go.append(f"single grants on {thing.label}")
        return left

    def _there(self, thing: Thing) -> Privileges:
        access = thing.access_of({})
        try:
            return held(self._get(access.path) or {}) if access else {}
        except UnansweredError as error:
            if bound_elsewhere.is_told(error):
                head = f"Nobody here sees {thing.label}. It was left as it is."
                raise pulumi.RunError(printable.text(f"{head}\n{bound_elsewhere.refusal(thing)}")) from None
            refusal = told(
                f"  {thing.setting}",
                f"no answer about who may use {thing.label}: {error}",
                "an identity that may see its grants",
                "have its owner give MANAGE on it to whoever runs this",
            )
            head = f"Nobody knows what others hold on {thing.label}, and so what is to stay."
            raise pulumi.RunError(printable.text(f"{head}\n{refusal}")) from None


def held(body: Mapping[str, Any]) -> Privileges:
    """Privileges by principal, as the REST API answers about them."""
    assignments = body.get("privilege_assignments") or ()
    return {str(each["principal"]): tuple(each.get("privileges") or ()) for each in assignments}
