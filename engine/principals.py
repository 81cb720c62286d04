"""Who the local stack's access lists name, and how they come to be known in the sandbox."""

from __future__ import annotations

from pathlib import Path

from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config
from databricks.sdk.errors.base import DatabricksError

from engine.project_copy import STACK, stack_file
from infra.access import access_lists
from infra.settings.load import load
from model_ops import user_agent
from sandbox.home import Home
from sandbox.lifecycle import SandboxError


def named(directory: Path) -> set[str]:
    """Every principal that the local stack's file names, as an owner too; raises SettingsError."""
    models = load(stack_file(directory), STACK).models.values()
    return {
        name
        for model in models
        for names in (*model.access.lists.values(), (model.owner,) if model.owner else ())
        for name in names
    }


def introduce(home: Home, names: set[str]) -> None:
    """Create those who are not known yet: on Azure they come from Entra, here from nowhere; raises SandboxError."""
    user_agent.introduce()
    signing_in = Config(host=home.url, token=home.token, auth_type="pat", **user_agent.product())
    client = WorkspaceClient(config=signing_in)
    try:
        known = _known(client)
        for name in sorted(names - known):
            _create(client, name)
    except (DatabricksError, OSError) as error:
        raise SandboxError(f"The sandbox does not take the principals of Pulumi.{STACK}.yaml: {error}") from None


def _known(client: WorkspaceClient) -> set[str | None]:
    groups = {group.display_name for group in client.groups.list(attributes="displayName")}
    users = {user.user_name for user in client.users.list(attributes="userName")}
    return groups | users | {each.application_id for each in client.service_principals.list()}


def _create(client: WorkspaceClient, name: str) -> None:
    kind = access_lists.kind(name)
    if kind == "service_principal_name":
        client.service_principals.create(application_id=name, display_name=name)
    elif kind == "user_name":
        client.users.create(user_name=name)
    else:
        client.groups.create(display_name=name)
