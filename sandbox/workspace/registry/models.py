"""Registered models of Unity Catalog: MLflow's registered models whose names have three parts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from sandbox.workspace.api.bodies import Body, MaxResults, PageToken, router
from sandbox.workspace.api.errors import exists, invalid
from sandbox.workspace.api.securable_names import FullName
from sandbox.workspace.identity.principals import grantee
from sandbox.workspace.registry.model_records import check_schema, drop_model, find_model, give, owner, rename
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.registered_models import Model
from sandbox.workspace.stores.workspace import ADMIN, Here, Workspace

routes = router("/api/2.1/unity-catalog/models")
_DEFAULT_PAGE, _LARGEST_PAGE = 100, 1000


class ModelFields(Body):
    """What clients send of a model; all but name, comment and owner is read-only and ignored, as by Databricks."""

    name: str | None = None
    comment: str | None = None
    owner: str | None = None
    aliases: list[dict[str, Any]] | None = None
    browse_only: bool | None = None
    catalog_name: str | None = None
    schema_name: str | None = None
    full_name: str | None = None
    metastore_id: str | None = None
    storage_location: str | None = None
    created_at: int | None = None
    created_by: str | None = None
    updated_at: int | None = None
    updated_by: str | None = None


class ModelCreate(ModelFields):
    """What POST takes."""

    name: str
    catalog_name: str
    schema_name: str


class ModelUpdate(ModelFields):
    """What PATCH takes."""

    new_name: str | None = None


class Alias(Body):
    """What PUT of an alias takes."""

    version_num: Annotated[int, Query(ge=1, le=2**31 - 1)]


def view(workspace: Workspace, model: Model, *, with_aliases: bool = False) -> Document:
    """Show a model as the API does."""
    name = FullName.parse(model.name)
    shown: Document = {
        "name": name.model,
        "catalog_name": name.catalog,
        "schema_name": name.schema,
        "full_name": model.name,
        "comment": model.comment,
        "owner": owner(workspace, model),
        "metastore_id": workspace.metastore_id,
        "created_at": model.created_at,
        "created_by": ADMIN,
        "updated_at": model.updated_at,
        "updated_by": ADMIN,
    }
    if with_aliases:
        shown["aliases"] = [_alias(name, alias, version) for alias, version in sorted(model.aliases.items())]
    return shown


def _alias(name: FullName, alias: str, version: int) -> Document:
    return {
        "alias_name": alias,
        "version_num": version,
        "catalog_name": name.catalog,
        "schema_name": name.schema,
        "model_name": name.model,
    }


@routes.post("")
def create_model(here: Here, body: ModelCreate) -> Document:
    """Register a model in a schema that exists."""
    name = FullName.parse(f"{body.catalog_name}.{body.schema_name}.{body.name}")
    with here.documents.transaction():
        check_schema(here, name)
        if here.registry.model(str(name)):
            raise exists(f"Registered model '{name}' already exists.")
        new_owner = grantee(here, body.owner) if body.owner else None
        model = here.registry.create(str(name), body.comment or "", {})
        if new_owner:
            give(here, model, new_owner)
    return view(here, model)


@routes.get("")
def list_models(
    here: Here,
    catalog_name: str | None = None,
    schema_name: str | None = None,
    max_results: MaxResults = 0,
    page_token: PageToken = None,
) -> dict[str, Any]:
    """List the models of a schema, or of all of them."""
    if (catalog_name is None) != (schema_name is None):
        raise invalid("catalog_name and schema_name go together: send both, or neither.")
    prefix = ""
    if catalog_name and schema_name:
        name = FullName.parse(f"{catalog_name}.{schema_name}.any")
        check_schema(here, name)
        prefix = f"{name.schema_name}."
    limit = min(max_results or _DEFAULT_PAGE, _LARGEST_PAGE)
    part = here.registry.models(prefix, limit, page_token)
    token = {"next_page_token": part.token} if part.token else {}
    return {"registered_models": [view(here, model) for model in part.items], **token}


@routes.get("/{full_name}")
def get_model(here: Here, full_name: str, include_aliases: bool = False) -> Document:
    """Give a model."""
    return view(here, find_model(here, full_name), with_aliases=include_aliases)


@routes.patch("/{full_name}")
def update_model(here: Here, full_name: str, body: ModelUpdate) -> Document:
    """Change comment, owner or name."""
    with here.documents.transaction():
        model = find_model(here, full_name)
        new_owner = None if body.owner is None else grantee(here, body.owner)
        # What can be refused first: MLflow's store does not take back what it has written.
        if body.new_name is not None:
            model = rename(here, model, body.new_name)
        if new_owner is not None:
            give(here, model, new_owner)
        if body.comment is not None:
            here.registry.describe(model.name, body.comment)
        return view(here, find_model(here, model.name))


@routes.delete("/{full_name}")
def delete_model(here: Here, full_name: str) -> dict[str, Any]:
    """Remove a model and all its versions, as Databricks does without further question."""
    with here.documents.transaction():
        drop_model(here, find_model(here, full_name).name)
    return {}


@routes.put("/{full_name}/aliases/{alias}")
def set_alias(here: Here, full_name: str, alias: str, body: Alias) -> Document:
    """Point an alias at a version that exists."""
    model = find_model(here, full_name)
    here.registry.set_alias(model.name, alias, body.version_num)
    return _alias(FullName.parse(model.name), alias.lower(), body.version_num)


@routes.delete("/{full_name}/aliases/{alias}")
def delete_alias(here: Here, full_name: str, alias: str) -> dict[str, Any]:
    """Remove an alias."""
    here.registry.delete_alias(find_model(here, full_name).name, alias)
    return {}
