"""Composes a stack from its settings and says what it made."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pulumi

from infra.access import access_lists, named_principals, resource_plan
from infra.catalog import catalog_plan, declared_catalogs
from infra.catalog.catalog_plan import Readers
from infra.catalog.unity_catalog import UnityCatalog, UnityCatalogArgs, UnitySchema
from infra.foundation import invitation
from infra.foundation import workspace as workspaces
from infra.foundation.secret_scope import SecretScope, SecretScopeArgs
from infra.foundation.workspace import Workspace
from infra.proof import (
    azure_region,
    azure_rights,
    declared_resources,
    metastore_there,
    pin_guard,
    removals,
    thing,
    workspace_address,
    workspace_there,
)
from infra.proof.azure_api import AzureApi, SilentError
from infra.proof.claims import Claims
from infra.proof.last_run import LastRun, last_run
from infra.proof.registered_versions import Registry
from infra.proof.workspace_api import WorkspaceApi
from infra.serving import creator, exposed, gateway, known_principals, live_endpoint, needs, replacement
from infra.serving.live_endpoint import LiveEndpoint
from infra.serving.model_resources import ModelResources
from infra.serving.model_stacks import ModelStacks
from infra.settings import engine_config, judged_file, printable
from infra.settings.create_schema import Create
from infra.settings.load import load
from infra.settings.mistake import SettingsError
from infra.settings.schema import Settings
from model_ops.commands import Commands
from model_ops.versions.resources import Resource

LOCAL = "local"
"""The stack that the commands here deploy with a state of their own; typed by hand, it has another."""
PATIENCE = 30
"""Seconds in which a workspace must answer about the pins: nothing depends on it yet, so trying again is cheap."""


def provision(project: Path, commands: Commands | None = None, sandbox: str | None = None) -> None:
    """Provision the selected stack; `project` holds Pulumi.yaml and the stack's file, which people edit.

    `commands` are those that messages tell of, where they are not the ones for the checkout that the reader is in. A
    `sandbox`, by its address, stands for the stack's workspace: then `rollpin:platform` is put aside.
    Raises pulumi.RunError, which the engine shows without a traceback, where the settings or the pins are refused:
    that is before any resource is registered.
    """
    stack = pulumi.get_stack()
    commands = commands or Commands(stack=stack, by_hand=stack == LOCAL)
    try:
        settings = _settings(project / f"Pulumi.{stack}.yaml", commands)
        if sandbox:
            settings = settings.model_copy(update={"platform": None})
        last = last_run()
        address = sandbox or _address(settings, last)
        found = _look(settings, commands, address, last)
    except SettingsError as error:
        raise pulumi.RunError(printable.text(str(error))) from None
    claims = Claims(commands, found.api if found.address else None, found.last)
    workspace = workspaces.workspace(settings, stack, found.address, claims)
    outputs = _models(stack, commands, settings, workspace, claims, found)
    _tell(commands, settings, claims, found.last)
    if settings.catalogs:
        invitation.tell(workspace)
    pulumi.export("stack", claims.confirmed(stack))
    pulumi.export("owned", claims.confirmed(claims.own))
    pulumi.export("used", claims.confirmed(claims.used))
    pulumi.export("principals", claims.confirmed(sorted(named_principals.named(settings))))
    pulumi.export("given", claims.confirmed(claims.others.given))
    pulumi.export("let_go", claims.confirmed(claims.let_go))
    pulumi.export("workspace_url", workspace.url)
    pulumi.export("adopt", invitation.adoption(workspace))
    pulumi.export("models", {name: outputs[name] for name in settings.models})


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What was asked before anything is made."""

    address: str | None
    """The workspace's, where it answers already."""
    api: WorkspaceApi
    last: LastRun
    runs: Mapping[str, str | None]
    live: Mapping[str, LiveEndpoint]
    declared: Mapping[str, tuple[Resource, ...]]


def _address(settings: Settings, last: LastRun) -> str | None:
    """Where the workspace answers already; raises SettingsError."""
    address = workspace_address.address(settings, os.environ, last.workspace_url)
    if address and workspace_there.is_gone(settings, address, os.environ):
        pulumi.log.warn(f"{address}, which this stack made, is gone: there is no such name. It is made again")
        return None
    return address


def _look(settings: Settings, commands: Commands, address: str | None, last: LastRun) -> _Found:
    """Ask for everything that may speak against the settings; raises SettingsError where it does."""
    patient = WorkspaceApi(address or "", settings.resource_id, patience=PATIENCE)
    if not address:
        if settings.platform and settings.platform.create:
            _ask_azure(settings, settings.platform.create, commands)
        return _asked(settings, commands, address, last, patient)
    there = workspace_there.named(settings, patient, os.environ, commands)
    there.reach()
    try:
        found = _asked(settings, commands, address, last, patient)
    except SettingsError:
        there.enter()
        raise
    if not any(model.deployed for model in settings.models.values()):
        there.enter()
    return found


def _ask_azure(settings: Settings, create: Create, commands: Commands) -> None:
    """Ask Azure and the account what may speak against a platform that is yet to be made; raises SettingsError."""
    with suppress(SilentError):
        azure = AzureApi.signed_in()
        azure_region.confirm(create, azure, commands)
        azure_rights.confirm(settings, create, azure, commands)
    metastore_there.confirm(create, commands)


def _asked(settings: Settings, commands: Commands, address: str | None, last: LastRun, patient: WorkspaceApi) -> _Found:
    """Ask for it, of a workspace that is there."""
    runs = pin_guard.confirm(settings, commands, address, Registry(patient.ask).versions, patient.endpoint)
    live = live_endpoint.find(settings, patient if address else None)
    replacement.confirm(settings, live, commands)
    gateway.confirm(settings, live, commands)
    exposed.confirm(settings, live, last.owned, commands)
    if address:
        creator.confirm(settings, live, patient, commands, datetime.now(UTC).date())
        needs.confirm(settings, live, patient, commands)
        known_principals.confirm(settings, last.principals, patient, commands)
    return _Found(
        address=address,
        api=WorkspaceApi(address or "", settings.resource_id),
        last=last,
        runs=runs,
        live=live,
        declared=declared_resources.find(settings, commands, patient.text),
    )


def _models(
    stack: str, commands: Commands, settings: Settings, workspace: Workspace, claims: Claims, found: _Found
) -> dict[str, dict[str, Any]]:
    """Make what the models are in and lean on, then each of them; gives their outputs."""
    scopes = _scopes(settings, workspace, claims)
    uses = resource_plan.plan(settings.models, found.declared)
    resources = ModelResources(settings=settings, commands=commands, plan=uses, workspace=workspace, claims=claims)
    schemas = _schemas(settings, workspace, claims, resources.reached)
    models = ModelStacks(
        stack=stack,
        commands=commands,
        settings=settings,
        workspace=workspace,
        api=found.api,
        claims=claims,
        last=found.last,
        runs=found.runs,
        live=found.live,
        uses=uses,
        scopes=scopes,
        after=resources.provision(schemas),
    )
    return models.provision(schemas)


def _tell(commands: Commands, settings: Settings, claims: Claims, last: LastRun) -> None:
    """Say what the steps alone do not: what others lose, and what leaves the stack."""
    removals.tell(claims, commands.file)
    for name, endpoint in last.endpoints_of_those_who_left(settings.models).items():
        pulumi.log.warn(
            f"{name} is in {commands.file} no more, and was not retired: endpoint {endpoint} is deleted, and of its "
            "model and experiment what the steps say. To keep all else, put it back with `retired: true` first"
        )
    for name, model in settings.models.items():
        if last.has_taken_down(name) and model.deployed:
            pulumi.log.warn(
                f"{name} was retired: its endpoint is a new one, without what was set by hand on the old one"
            )
    for label in claims.let_go:
        pulumi.log.info(f"{label} stays: it is only used from now on, and the next up forgets that this stack made it")


def _settings(path: Path, commands: Commands) -> Settings:
    """The stack's settings, if engine and policies were given the same; raises SettingsError."""
    judged_file.confirm(path, os.environ, commands)
    settings = load(path, commands.stack)
    engine_config.confirm(path, pulumi.Config("rollpin").get, _is_secret, commands)
    return settings


def _is_secret(key: str) -> bool:
    return pulumi.runtime.is_config_secret(f"rollpin:{key}")


def _scopes(settings: Settings, workspace: Workspace, claims: Claims) -> Mapping[str, SecretScope]:
    """Each secret scope by its name."""
    return {
        name: SecretScope(
            name,
            SecretScopeArgs(
                scope=name,
                key_vault=scope.key_vault,
                permissions=access_lists.on_scope(scope.access),
                claim=claims.on(thing.secret_scope(name), adopted=scope.adopt),
                protect=settings.protect,
            ),
            workspace.options(),
        )
        for name, scope in settings.secret_scopes.items()
    }


def _schemas(
    settings: Settings, workspace: Workspace, claims: Claims, readers: Readers
) -> Mapping[tuple[str, str], UnitySchema]:
    """Each catalog and schema that models are in, or that are for other stacks' models, by both names."""
    schemas: dict[tuple[str, str], UnitySchema] = {}
    for plan in (*declared_catalogs.plan(settings.catalogs), *catalog_plan.plan(settings.models, readers)):
        catalog = UnityCatalog(
            plan.name,
            UnityCatalogArgs(
                plan=plan,
                claims=claims,
                storage_root=workspace.storage_root,
                isolated=workspace.isolated,
                # One of models is bound by the provider alone, as when nothing else could make it.
                workspace_id=None if plan.model else workspace.id,
                protect=settings.protect,
                after=workspace.after,
            ),
            workspace.options(),
        )
        schemas |= {(plan.name, name): schema for name, schema in catalog.schemas.items()}
    return schemas
