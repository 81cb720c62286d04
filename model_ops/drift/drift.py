"""Finds what was changed by hand: all that a stack deployed, as its state has it, against the workspace as it is.

The base is what was deployed and not what the file says: a pin that is merged and not deployed yet is no drift. What is
pinned comes from the stack's outputs, which a refresh leaves alone; all else from the state's resources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from model_ops.deployed import DeployedStack
from model_ops.drift import access, endpoint_entities, endpoint_gateway, endpoint_traffic, presence, rollouts, state
from model_ops.drift.difference import Difference, Drift
from model_ops.drift.state import Deployed, State
from model_ops.errors import AbsentError, StackError, WorkspaceError
from model_ops.history.updates import Update, latest
from model_ops.served import Endpoint, Expected, is_updating, pending_versions

AT_ONCE = 8
"""Questions to the workspace at the same time."""


@dataclass(frozen=True, kw_only=True)
class _Look:
    """What was seen of one resource."""

    counts: bool = True
    differences: tuple[Difference, ...] = ()
    unseen: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Looker:
    """What is known before each resource is looked at."""

    stack: DeployedStack
    me: str
    endpoints: Mapping[str, Endpoint | None] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    """What permissions are on, by their resource id."""


def find_drift(stack: DeployedStack, model: str | None = None) -> Drift:
    """Compare what `stack` deployed, or one model of it, with its workspace.

    Raises StackError where the engine cannot be asked or there is no such model, and WorkspaceError where the workspace
    does not answer. What it answers and does not show is in the result.
    """
    if stack.address is None:
        raise StackError(
            f"The outputs of stack {stack.name} in a file do not say all that it deployed. Name the stack: --stack NAME"
        )
    chosen = stack.model(model).name if model is not None else None
    me, deployed, told = stack.workspace.me(), state.read(stack.address), latest(stack.address)
    resources = [each for each in deployed.resources if chosen in (None, each.model)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        serving = [each for each in resources if each.type == "ModelServing"]
        bodies = pool.map(lambda each: stack.workspace.endpoint(each.id), serving)
        looker = _Looker(stack, me, dict(zip((e.id for e in serving), bodies, strict=True)), _labels(deployed))
        looks = list(pool.map(lambda each: _look(looker, each), [each for each in resources if each.type in _LOOKS]))
    lost = rollouts.taken_over(told, [each for each in resources if each.type in _LOOKS])
    return _told(stack, deployed, told, [*looks, *(_untold(stack, looker, *each) for each in lost)])


def _told(stack: DeployedStack, deployed: State, told: Sequence[Update], looks: Sequence[_Look]) -> Drift:
    found = sorted(
        (each for look in looks for each in look.differences), key=lambda each: (each.model or "", each.what)
    )
    pending = [f"the engine is at work on {each}, or was interrupted there" for each in deployed.pending]
    by_hand, remarks = rollouts.by_hand(told, found)
    return Drift(
        stack=stack.name,
        looked_at=sum(look.counts for look in looks),
        differences=tuple(by_hand),
        unseen=tuple(line for look in looks for line in look.unseen),
        remarks=(*pending, *(line for look in looks for line in look.remarks), *remarks),
    )


def _untold(stack: DeployedStack, looker: _Looker, deployed: Deployed, at: datetime) -> _Look:
    """Say of a resource that the state does not tell any more what was deployed."""
    line = (
        f"{_named(looker, deployed)}: the engine took over what was there at {at:%Y-%m-%d %H:%M:%SZ}, and no up has "
        f"succeeded since. See what one would change: {stack.commands.engine('preview')}"
    )
    return _Look(counts=False, unseen=(line,))


def _look(looker: _Looker, deployed: Deployed) -> _Look:
    """Compare one resource; what belongs to a thing that is gone is not told beside it."""
    try:
        found = tuple(_LOOKS[deployed.type](looker, deployed))
    except AbsentError:
        return _Look()
    except WorkspaceError as error:
        return _Look(unseen=(f"{_named(looker, deployed)}: {error.headline}",))
    remarks = tuple(_under_way(looker, deployed)) if deployed.type == "ModelServing" else ()
    return _Look(differences=found, remarks=remarks)


def _endpoint(looker: _Looker, deployed: Deployed) -> Iterator[Difference]:
    endpoint = looker.endpoints[deployed.id]
    if endpoint is None:
        yield presence.gone(deployed)
        return
    if expected := _expected(looker, deployed):
        yield from endpoint_traffic.differences(deployed, endpoint, expected)
    yield from endpoint_entities.differences(deployed, endpoint)
    yield from endpoint_gateway.differences(deployed, endpoint)


def _expected(looker: _Looker, deployed: Deployed) -> Expected | None:
    model = looker.stack.target.models.get(deployed.model or "")
    return model.expected if model else None


def _under_way(looker: _Looker, deployed: Deployed) -> Iterator[str]:
    endpoint, expected = looker.endpoints[deployed.id], _expected(looker, deployed)
    if endpoint and is_updating(endpoint):
        versions = sorted(pending_versions(endpoint, expected.model)) if expected else []
        to = f" to version {', '.join(map(str, versions))}" if versions else ""
        yield f"endpoint {deployed.id} is being updated{to}: look again once that has ended"


def _permissions(looker: _Looker, deployed: Deployed) -> Iterator[Difference]:
    label = looker.labels.get(deployed.id, deployed.name)
    endpoint = looker.endpoints.get(label.partition(" ")[2]) or {}
    keepers = (
        frozenset({looker.me, str(endpoint.get("creator") or "")}) if label.startswith("endpoint") else frozenset()
    )
    return access.permissions(deployed, looker.stack.workspace, label, keepers)


def _named(looker: _Looker, deployed: Deployed) -> str:
    """A resource as people name it: `permissions on endpoint chatbot`, `grants on model prod.serving.chatbot`."""
    if deployed.type in presence.NOUNS:
        return presence.label(deployed)
    rights = "grants" if deployed.type in ("Grant", "Grants") else "permissions"
    return f"{rights} on {looker.labels.get(deployed.id) or deployed.id.replace('/', ' ', 1)}"


def _labels(deployed: State) -> dict[str, str]:
    """What permissions are on, by the id that theirs is made of."""
    found = {}
    for each in deployed.resources:
        if each.type == "ModelServing":
            found[f"/serving-endpoints/{each.outputs.get('servingEndpointId')}"] = presence.label(each)
        if each.type == "MlflowExperiment":
            found[f"/experiments/{each.id}"] = presence.label(each)
    return found


def _presence(looker: _Looker, deployed: Deployed) -> Iterator[Difference]:
    return presence.differences(deployed, looker.stack.workspace)


def _grants(looker: _Looker, deployed: Deployed) -> Iterator[Difference]:
    return access.grants(deployed, looker.stack.workspace)


def _scope_acl(looker: _Looker, deployed: Deployed) -> Iterator[Difference]:
    return access.scope_acl(deployed, looker.stack.workspace)


_LOOKS: Mapping[str, Callable[[_Looker, Deployed], Iterator[Difference]]] = {
    **dict.fromkeys(presence.NOUNS, _presence),
    "ModelServing": _endpoint,
    "Permissions": _permissions,
    "Grants": _grants,
    "Grant": _grants,
    "SecretAcl": _scope_acl,
}
"""How each type of resource is compared; what is not of a workspace, such as a resource group, is not."""
