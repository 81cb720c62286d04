"""External locations of Unity Catalog, as records: the sandbox keeps all that it stores on this machine."""

from __future__ import annotations

import re
from typing import Any, Literal

from sandbox.workspace.api.bodies import Body, MaxResults, PageToken, router
from sandbox.workspace.api.errors import ApiError, absent, invalid
from sandbox.workspace.api.paging import page
from sandbox.workspace.api.securable_names import check_name
from sandbox.workspace.catalog.storage_credentials import LOCATION as KIND
from sandbox.workspace.catalog.storage_credentials import find_credential
from sandbox.workspace.identity.principals import grantee
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace, changed, stamps

routes = router("/api/2.1/unity-catalog/external-locations")
_URL = re.compile(r"abfss://[a-z0-9-]{3,63}@[a-z0-9]{3,24}\.dfs\.core\.windows\.net(/.*)?")
"""A container of Azure's storage, or a directory in it."""


class LocationCreate(Body):
    """What POST takes."""

    name: str
    url: str
    credential_name: str
    comment: str | None = None
    read_only: bool | None = None
    fallback: bool | None = None
    skip_validation: bool | None = None


class LocationUpdate(Body):
    """What PATCH takes."""

    name: str | None = None
    new_name: str | None = None
    owner: str | None = None
    url: str | None = None
    credential_name: str | None = None
    comment: str | None = None
    read_only: bool | None = None
    fallback: bool | None = None
    skip_validation: bool | None = None
    force: bool | None = None
    isolation_mode: Literal["ISOLATION_MODE_OPEN", "ISOLATION_MODE_ISOLATED"] | None = None


@routes.post("")
def create_location(here: Here, body: LocationCreate) -> Document:
    """Make an external location."""
    name = check_name(body.name, "ExternalLocationInfo.name")
    with here.documents.transaction():
        if here.documents.get(KIND, name) is not None:
            raise ApiError(400, "EXTERNAL_LOCATION_ALREADY_EXISTS", f"External Location '{name}' already exists")
        location = {
            "read_only": False,
            "fallback": False,
            **body.given(),
            **_leading(here, body.url, body.credential_name, name),
            "name": name,
            "isolation_mode": "ISOLATION_MODE_OPEN",
            "metastore_id": here.metastore_id,
            **stamps(),
        }
        location.pop("skip_validation", None)
        here.documents.put(KIND, name, location)
    return location


@routes.get("")
def list_locations(here: Here, max_results: MaxResults = 0, page_token: PageToken = None) -> dict[str, Any]:
    """List the external locations."""
    part = page(list(here.documents.all(KIND).values()), max_results, page_token)
    return {"external_locations": part.items, **({"next_page_token": part.token} if part.token else {})}


@routes.get("/{name}")
def get_location(here: Here, name: str) -> Document:
    """Give an external location."""
    return _find(here, name)


@routes.patch("/{name}")
def update_location(here: Here, name: str, body: LocationUpdate) -> Document:
    """Change what was sent, leave the rest."""
    if body.new_name is not None and body.new_name.lower() != name.lower():
        raise absent("renaming of external locations")
    with here.documents.transaction():
        location = _find(here, name)
        told = {"name", "new_name", "force", "skip_validation"}
        location |= {key: value for key, value in body.given().items() if key not in told} | changed()
        location |= _leading(here, location["url"], location["credential_name"], location["name"])
        if body.owner is not None:
            location["owner"] = grantee(here, body.owner)
        here.documents.put(KIND, location["name"], location)
    return location


@routes.delete("/{name}")
def delete_location(here: Here, name: str) -> dict[str, Any]:
    """Remove an external location, with force or without; what is in it stays where it is."""
    with here.documents.transaction():
        here.documents.delete(KIND, _find(here, name)["name"])
    return {}


def _find(workspace: Workspace, name: str) -> Document:
    found = workspace.documents.get(KIND, name.lower())
    if found is None:
        raise ApiError(404, "EXTERNAL_LOCATION_DOES_NOT_EXIST", f"External Location '{name}' does not exist.")
    return found


def _leading(workspace: Workspace, url: str, credential: str, name: str) -> Document:
    """Where a location leads; raises ApiError for no place in Azure's storage, and one that another location has."""
    if not _URL.fullmatch(url):
        raise invalid(f"url must be abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/…, found {url!r}.")
    mine = f"{url.rstrip('/')}/"
    for other in workspace.documents.all(KIND).values():
        theirs = f"{other['url'].rstrip('/')}/"
        if other["name"] != name and (mine.startswith(theirs) or theirs.startswith(mine)):
            raise ApiError(400, "LOCATION_OVERLAP", f"Input path url '{url}' overlaps with that of {other['name']}.")
    found = find_credential(workspace, credential)
    return {"url": url, "credential_name": found["name"], "credential_id": found["id"]}
