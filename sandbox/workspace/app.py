"""The API: Databricks' routes first, then MLflow's server, then 501 for what is not there.

Import it after `mlflow_environment.prepare`: MLflow reads its settings when it is imported.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from fastapi import FastAPI

from sandbox.home import Home
from sandbox.workspace.access import effective_grants, grants, permissions
from sandbox.workspace.api import errors
from sandbox.workspace.api.errors import ApiError, Json
from sandbox.workspace.api.org_id import OrgId
from sandbox.workspace.catalog import (
    bindings,
    catalogs,
    external_locations,
    metastore,
    schemas,
    storage_credentials,
    tables,
    volumes,
)
from sandbox.workspace.catalog.catalogs import add_catalog
from sandbox.workspace.endpoints import endpoints
from sandbox.workspace.endpoints.gateway_records import set_up_all
from sandbox.workspace.files import directories, files, part_uploads, presigned, uploads
from sandbox.workspace.identity import scim
from sandbox.workspace.identity.principals import seed
from sandbox.workspace.registry import model_versions, models, protocol_models, protocol_versions
from sandbox.workspace.registry.mlflow_registry import MlflowRegistry
from sandbox.workspace.registry.version_files import sweep
from sandbox.workspace.search import index_data, indexes, queries, search_endpoints
from sandbox.workspace.secret_scopes import acls, scopes, stored_secrets
from sandbox.workspace.stores.deployments import Deployments
from sandbox.workspace.stores.documents import Documents
from sandbox.workspace.stores.workspace import Workspace
from sandbox.workspace.tracking.experiment_search import ExperimentSearch
from sandbox.workspace.tracking.mlflow_rules import rules
from sandbox.workspace.tracking.mlflow_server import gated, open_stores
from sandbox.workspace.tracking.translation import Translation

_PARTS = (
    *(catalogs, schemas, models, model_versions, grants, effective_grants, metastore, endpoints, permissions),
    *(tables, bindings, storage_credentials, external_locations),
    *(protocol_models, protocol_versions, part_uploads, files, directories, presigned),
    *(scopes, stored_secrets, acls),
    *(search_endpoints, indexes, index_data, queries, volumes),
)


def create_app(home: Home, control: Path) -> FastAPI:
    """Make the application over the state in `home`; `control` is the router's control socket."""
    home.workspace_database.touch(mode=0o600)
    open_stores(home)
    documents = Documents(home.workspace_database)
    workspace = Workspace(documents, MlflowRegistry(home.artifacts), Deployments(control), home)
    _seed(workspace)
    _tidy(workspace)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, default_response_class=Json)
    app.state.workspace = workspace
    errors.install(app)
    for routes in (*(part.routes for part in _PARTS), scim.routes(), scim.account_routes()):
        app.include_router(routes)
    app.mount("/", gated(rules(workspace)))
    app.add_middleware(ExperimentSearch)
    app.add_middleware(Translation)
    app.add_middleware(OrgId, workspace_id=workspace.workspace_id)
    return app


def _tidy(workspace: Workspace) -> None:
    uploads.clear(workspace.home.uploads)
    with suppress(ApiError):
        # Where the router does not answer, what is served is not known: the next deletion removes the rest.
        sweep(workspace)
    with suppress(ApiError):
        # Likewise: the router goes on by what it has kept itself.
        set_up_all(workspace)


def _seed(workspace: Workspace) -> None:
    seed(workspace.documents)
    with workspace.documents.transaction():
        if workspace.documents.get("workspace", "seeded") is None:
            add_catalog(workspace, {"name": "main"})
            workspace.documents.put("workspace", "seeded", {})
