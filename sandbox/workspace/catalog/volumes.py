"""Volumes of Unity Catalog, as the resources that they are: the Files API has no files in them here."""

from __future__ import annotations

from typing import Any, Literal

from sandbox.workspace.api.bodies import Body, MaxResults, PageToken, router
from sandbox.workspace.api.errors import ApiError, absent
from sandbox.workspace.api.paging import page
from sandbox.workspace.api.securable_names import check_name
from sandbox.workspace.catalog.schemas import find_schema
from sandbox.workspace.catalog.volume_records import KIND, drop_volume, find_volume, volumes_in
from sandbox.workspace.identity.principals import grantee
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, changed, identifier, stamps

routes = router("/api/2.1/unity-catalog/volumes")


class VolumeCreate(Body):
    """What POST takes."""

    name: str
    catalog_name: str
    schema_name: str
    volume_type: Literal["MANAGED", "EXTERNAL"]
    comment: str | None = None
    storage_location: str | None = None


class VolumeUpdate(Body):
    """What PATCH takes."""

    name: str | None = None
    new_name: str | None = None
    owner: str | None = None
    comment: str | None = None


@routes.post("")
def create_volume(here: Here, body: VolumeCreate) -> Document:
    """Make a volume."""
    if body.volume_type == "EXTERNAL":
        raise absent("external locations, and so no external volumes")
    name = check_name(body.name, "VolumeInfo.name")
    with here.documents.transaction():
        schema = find_schema(here, f"{body.catalog_name}.{body.schema_name}")
        full_name = f"{schema['full_name']}.{name}"
        if here.documents.get(KIND, full_name) is not None:
            raise ApiError(400, "VOLUME_ALREADY_EXISTS", f"Volume '{full_name}' already exists")
        identity = identifier()
        volume = {
            **body.given(),
            "name": name,
            "catalog_name": schema["catalog_name"],
            "schema_name": schema["name"],
            "full_name": full_name,
            "volume_id": identity,
            "storage_location": f"sandbox://volumes/{identity}",
            "metastore_id": here.metastore_id,
            **stamps(),
        }
        here.documents.put(KIND, full_name, volume)
    return volume


@routes.get("")
def list_volumes(
    here: Here,
    catalog_name: str,
    schema_name: str,
    max_results: MaxResults = 0,
    page_token: PageToken = None,
) -> dict[str, Any]:
    """List the volumes of a schema."""
    schema = find_schema(here, f"{catalog_name}.{schema_name}")["full_name"]
    part = page(volumes_in(here, schema), max_results, page_token)
    return {"volumes": part.items, **({"next_page_token": part.token} if part.token else {})}


@routes.get("/{full_name}")
def get_volume(here: Here, full_name: str) -> Document:
    """Give a volume."""
    return find_volume(here, full_name)


@routes.patch("/{full_name}")
def update_volume(here: Here, full_name: str, body: VolumeUpdate) -> Document:
    """Change what was sent, leave the rest."""
    with here.documents.transaction():
        volume = find_volume(here, full_name)
        if body.new_name is not None and body.new_name.lower() != volume["name"]:
            raise absent("renaming of volumes")
        sent = {key: value for key, value in body.given().items() if key not in {"name", "new_name"}}
        if body.owner is not None:
            sent["owner"] = grantee(here, body.owner)
        volume |= sent | changed()
        here.documents.put(KIND, volume["full_name"], volume)
    return volume


@routes.delete("/{full_name}")
def delete_volume(here: Here, full_name: str) -> dict[str, Any]:
    """Remove a volume."""
    with here.documents.transaction():
        drop_volume(here, find_volume(here, full_name)["full_name"])
    return {}
