"""Looks whether what a stack is about to create is there already: taken over where the stack says so, else refused.

Only the engine knows what is the stack's own. So it is asked by a hook of the engine's, before each creation and in
each preview; what is to be taken over is looked up ahead of that, and imported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import pulumi

from infra.proof import bound_elsewhere
from infra.proof.azure_name import AzureName
from infra.proof.last_run import LastRun
from infra.proof.others import Others
from infra.proof.thing import Body, Thing
from infra.proof.workspace_api import UnansweredError, WorkspaceApi
from infra.settings.mistake import told
from model_ops.commands import Commands

T = TypeVar("T")


class TakenError(Exception):
    """What was to be created is there already; the message says what, whose setting it is, and what to type."""


@dataclass(frozen=True)
class Replaced:
    """A thing of a stack's, and the privileges or levels by principal that will be all that there are on it."""

    thing: Thing
    wanted: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Claim:
    """A thing of a stack's, and whether the stack takes it over where it is there."""

    claims: Claims
    thing: Thing
    adopted: bool
    created: bool
    """Whether the stack says to have it as its own; else it only uses it."""

    @property
    def leaving(self) -> bool:
        """Whether the stack has it as its own and is now told only to use it: this run lets go, the next forgets."""
        return not self.created and self.thing.owned_as in self.claims.owned

    @property
    def taking(self) -> bool:
        """Whether the stack has only used it and now has it as its own: privileges change from single ones to all."""
        return self.created and self.thing.owned_as in self.claims.used_before

    @property
    def held(self) -> bool:
        """Whether it is a resource of the stack's in this run."""
        return self.created or self.leaving

    @cached_property
    def _found(self) -> Body | None:
        return self.claims.find(self.thing) if self.adopted else None

    def onto(self, opts: pulumi.ResourceOptions, *, replaced: bool = False) -> pulumi.ResourceOptions:
        """Add to the options of the thing: import it, or do not create it over what is there.

        What is `replaced` is there until it is deleted, so nobody looks.

        Raises UnansweredError where the workspace does not say whether it is there.
        """
        found, look = self._found, None if replaced else self.claims.look(self.thing)
        own = pulumi.ResourceOptions(
            import_=self.thing.id_of(found) if found else None,
            hooks=pulumi.ResourceHookBinding(before_create=[look]) if look else None,
            retain_on_delete=True if self.adopted and self.thing.holds_data else None,
        )
        return pulumi.ResourceOptions.merge(opts, own)

    def access_onto(self, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
        """Add to the options of its grants or permissions: those that are there are imported, for all to see."""
        access = self.thing.access_of(self._found) if self._found else None
        held = access is not None and _is_held(self.claims.get(access.path) or {}, self.claims.caller)
        return pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(import_=access.id if access and held else None)
        )

    def replaces(self, wanted: Mapping[str, Sequence[str]]) -> None:
        """Remember that what is `wanted`, by principal, will be all that anybody may do with the thing."""
        if wanted:
            self.claims.replaced.append(Replaced(self.thing, wanted))

    def made(self, resource: pulumi.Resource) -> None:
        """Remember the resource: a preview refuses once it has gone through all of them."""
        self.claims.made[self] = resource.urn


class Claims:
    """A stack's claims in its workspace; without an `api` there is no workspace yet, and so nothing in it."""

    def __init__(self, commands: Commands, api: WorkspaceApi | None, last: LastRun | None = None) -> None:
        last = last or LastRun({})
        self._commands, self._api = commands, api
        self.others = Others(self.get, last.given)
        self.owned, self.used_before = last.owned, last.used
        """What was the stack's own after its last run, and what it only used, by `Thing.owned_as`."""
        self._claims: list[Claim] = []
        self._refusals: dict[str, str] = {}
        """By setting, in the order in which they were claimed."""
        self.made: dict[Claim, pulumi.Output[str]] = {}
        self._named: list[pulumi.Output[str]] = []
        """The URNs of what has a name that may be taken."""
        self.replaced: list[Replaced] = []

    def on(self, thing: Thing, *, adopted: bool, created: bool = True) -> Claim:
        """Claim a thing."""
        claim = Claim(self, thing, adopted, created)
        self._claims.append(claim)
        return claim

    @property
    def own(self) -> list[str]:
        """What the stack has as its own in this run, and keeps, by `Thing.owned_as`."""
        return sorted(claim.thing.owned_as for claim in self.made if claim.created)

    @property
    def let_go(self) -> list[str]:
        """The labels of what the next run forgets."""
        taken = (f"single grants on {claim.thing.label}" for claim in self._claims if claim.taking)
        left = (claim.thing.label for claim in self._claims if claim.leaving)
        return sorted([*left, *taken, *self.others.let_go])

    @property
    def used(self) -> list[str]:
        """What the stack only uses in this run, by `Thing.owned_as`."""
        return sorted(claim.thing.owned_as for claim in self._claims if not claim.held)

    def get(self, path: str) -> Body | None:
        """What is at a path of the workspace's API, None where there is nothing; raises UnansweredError."""
        return self._api.get(path) if self._api else None

    def find(self, thing: Thing) -> Body | None:
        """What the workspace answers about a thing, None where there is none; raises UnansweredError."""
        body = self.get(thing.path)
        return thing.among(body) if body is not None else None

    @cached_property
    def caller(self) -> str:
        """Who runs this, as the workspace calls them."""
        return str((self._api.me if self._api else {}).get("userName") or "")

    def look(self, thing: Thing) -> pulumi.ResourceHook | None:
        """The hook to bind before a thing is created."""
        if self._api is None:
            return None
        self._refusals[thing.setting] = ""
        options = pulumi.ResourceHookOptions(on_dry_run=True)
        return pulumi.ResourceHook(f"{thing.label} is free", lambda _: self.confirm(thing), options)

    def confirm(self, thing: Thing) -> None:
        """Raise TakenError where a thing is there that is about to be created; a preview remembers it for the end.

        Whoever may not look may still create; the provider says so where it cannot.
        """
        try:
            found = self.find(thing)
        except UnansweredError as error:
            if bound_elsewhere.is_told(error):
                self._refuse(thing.setting, bound_elsewhere.refusal(thing))
            return
        if found is None:
            return
        self._refuse(thing.setting, self._refusal(thing))

    def free(self, name: AzureName) -> pulumi.ResourceOptions:
        """Options of a thing in Azure of that name: it is not created where somebody has the name already."""
        self._refusals[name.setting] = ""

        def look(_: pulumi.ResourceHookArgs) -> None:
            if name.is_taken:
                self._refuse(name.setting, name.refusal(self._commands))

        hook = pulumi.ResourceHook(f"{name.label} is free", look, pulumi.ResourceHookOptions(on_dry_run=True))
        return pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[hook]))

    def named(self, resource: pulumi.Resource) -> None:
        """Remember what was given such options: a preview refuses once it has gone through it."""
        self._named.append(resource.urn)

    def _refuse(self, setting: str, refusal: str) -> None:
        """Raise TakenError; a preview remembers it for the end, to say all of them."""
        if not pulumi.runtime.is_dry_run():
            raise TakenError(f"{self._head}\n{refusal}")
        self._refusals[setting] = refusal

    def confirmed(self, value: T) -> pulumi.Output[T]:
        """Give `value` back once all that was claimed has been gone through.

        Raises pulumi.RunError with everything that is taken.
        """
        return pulumi.Output.all(*self.made.values(), *self._named).apply(lambda _: self._all_confirmed(value))

    def _all_confirmed(self, value: T) -> T:
        refused = [refusal for refusal in self._refusals.values() if refusal]
        if refused:
            raise pulumi.RunError("\n".join([self._head, *refused]))
        return value

    @property
    def _head(self) -> str:
        return f"{self._commands.file} asks to create what is there already. It was left as it is."

    def _refusal(self, thing: Thing) -> str:
        return told(
            f"  {thing.setting}",
            f"{thing.label}, which is there and is not this stack's",
            "what is not there yet, or what this stack is told to take over or to use",
            f"in {self._commands.file}, to take it over, write `adopt: true` for {thing.taker}; {thing.otherwise}",
        )


def _is_held(body: Mapping[str, Any], caller: str) -> bool:
    """Whether anybody holds what the provider would show: it leaves out administrators, the caller, and inheritance."""
    if body.get("privilege_assignments"):
        return True
    return any(
        entry.get("group_name") != "admins"
        and caller not in (entry.get("user_name"), entry.get("service_principal_name"))
        and any(not each.get("inherited") for each in entry.get("all_permissions") or ())
        for entry in body.get("access_control_list") or ()
    )
