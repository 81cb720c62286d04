"""The catalogs and schemas that a rehearsed stack only uses: others made them in its workspace, here nobody has."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from engine.project_copy import stack_file
from infra.catalog import catalog_plan
from infra.settings.load import load
from infra.settings.schema import Settings
from model_ops.errors import AbsentError, WorkspaceError
from model_ops.workspace import Workspace
from sandbox.home import Home
from sandbox.lifecycle import SandboxError

UNITY = "/api/2.1/unity-catalog"


def used(directory: Path, stack: str) -> tuple[str, ...]:
    """Name each catalog, and as `catalog.schema` each schema, that the stack's file names and does not create.

    A catalog stands before its schemas. Raises SettingsError.
    """
    return tuple(sorted(set(_used(load(stack_file(directory, stack), stack)))))


def _used(settings: Settings) -> Iterator[str]:
    plans = catalog_plan.plan(settings.models)
    created = {plan.name for plan in plans if plan.created}
    made = {f"{plan.name}.{schema.name}" for plan in plans for schema in plan.schemas if schema.created}
    schemas = {f"{plan.name}.{schema.name}" for plan in plans for schema in plan.schemas}
    schemas |= {".".join(model.table_schema) for model in settings.models.values()}
    if search := settings.vector_search:
        schemas |= {name.rpartition(".")[0] for name in (*search.indexes, *search.volumes)}
    yield from {name.partition(".")[0] for name in schemas} - created
    # A schema in a catalog that the stack creates cannot be there before it: that is the stack file's own mistake.
    yield from (name for name in schemas - made if name.partition(".")[0] not in created)


def provide(home: Home, names: Collection[str]) -> tuple[str, ...]:
    """Make those of the catalogs and schemas that are not there; give what was made. Raises SandboxError."""
    workspace = Workspace(home.url, home.token)
    try:
        return tuple(name for name in names if _made(workspace, name))
    except (WorkspaceError, OSError) as error:
        raise SandboxError(f"The sandbox does not take the catalogs that the stack uses: {error}") from None


def _made(workspace: Workspace, name: str) -> bool:
    catalog, _, schema = name.partition(".")
    kind = "schemas" if schema else "catalogs"
    try:
        workspace.ask(f"{UNITY}/{kind}/{name}")
    except AbsentError:
        body = {"name": schema, "catalog_name": catalog} if schema else {"name": catalog}
        workspace.send("POST", f"{UNITY}/{kind}", body)
        return True
    return False
