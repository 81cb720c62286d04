"""Refuses to create an endpoint as a person: it keeps its creator's identity, and rights, for as long as it exists.

https://learn.microsoft.com/azure/databricks/machine-learning/model-serving/create-manage-serving-endpoints
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

import pulumi

from infra.proof.workspace_api import UnansweredError, WorkspaceApi
from infra.serving import replacement
from infra.serving.live_endpoint import LiveEndpoint
from infra.settings.mistake import SettingsError, told
from infra.settings.policy_schema import Leave
from infra.settings.printable import text
from infra.settings.schema import Model, Settings
from model_ops.commands import Commands

ALLOWED = 'rollpin:policy: {personCreates: {until: "YYYY-MM-DD", because: …}}'
HERE = ("127.0.0.1", "localhost", "::1")
"""Where a sandbox is, whose one user is a person."""


def confirm(
    settings: Settings, live: Mapping[str, LiveEndpoint], api: WorkspaceApi, commands: Commands, today: date
) -> None:
    """Raise SettingsError where a protected stack is about to create an endpoint and a person is signed in.

    A preview changes nothing, and may be of what a workflow is going to do: it warns. A leave in the stack's file that
    has not ended by `today` lets it pass, with a warning. Whoever cannot be told is no person: a workspace that answers
    nothing refuses by itself.
    """
    made = [name for name, model in settings.models.items() if _is_created(name, model, live)]
    if not made or not settings.protect or urlsplit(api.address).hostname in HERE:
        return
    caller = _caller(api)
    leave = settings.policy.person_creates
    if "@" not in caller:
        return
    if leave and today.isoformat() <= leave.until:
        allowed = f"{commands.file} allows it until {leave.until}: {leave.because}"
        pulumi.log.warn(text(f"{', '.join(made)}: served with the rights of {caller} for ever. {allowed}"))
        return
    refusal = _refusal(made, settings, caller, leave, commands)
    if not pulumi.runtime.is_dry_run():
        raise SettingsError(refusal)
    pulumi.log.warn(text(refusal))


def _is_created(name: str, model: Model, live: Mapping[str, LiveEndpoint]) -> bool:
    """Whether an endpoint is made that was not there; one that is replaced is another one too."""
    if model.retired or model.served_version is None:
        return False
    return not live[name].exists or replacement.differs(model.endpoint.route_optimized, live[name])


def _caller(api: WorkspaceApi) -> str:
    """Who is signed in: a service principal by its application id, a person by an address."""
    try:
        return str(api.me.get("userName") or "")
    except UnansweredError:
        return ""


def _refusal(made: list[str], settings: Settings, caller: str, leave: Leave | None, commands: Commands) -> str:
    ended = f"; the leave in {commands.file} ended on {leave.until}" if leave else ""
    endpoints = ", ".join(settings.models[name].endpoint_name(name) for name in made)
    head = "An endpoint keeps the identity and the rights of whoever creates it. No resource was touched."
    lines = told(
        f"  rollpin:models.{made[0]}.endpoint" if len(made) == 1 else "  rollpin:models",
        f"{caller}, a person, about to create {endpoints}{ended}",
        "a service principal, where rollpin:protect holds: when a person leaves, the endpoint loses its rights",
        f"let the workflow `deploy` create it, from a commit on main (docs/delivery.md), or sign in as its service "
        f"principal (DATABRICKS_CLIENT_ID) and run: {commands.up}",
        f"or allow it for a while, with the reason, in {commands.file}: `{ALLOWED}`",
    )
    return f"{head}\n{lines}"
