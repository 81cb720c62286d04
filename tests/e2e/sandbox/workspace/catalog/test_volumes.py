"""Volumes, by Databricks' SDK."""

from __future__ import annotations

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, NotFound, NotImplemented
from databricks.sdk.service.catalog import PermissionsChange, Privilege, VolumeType

MANAGED = VolumeType.MANAGED


def test_a_volume_is_made_changed_listed_and_removed(client: WorkspaceClient, catalog: str) -> None:
    made = client.volumes.create(catalog, "default", "Documents", MANAGED, comment="what is indexed")
    name = f"{catalog}.default.documents"
    assert (made.full_name, made.volume_type, made.comment) == (name, MANAGED, "what is indexed")
    assert client.volumes.update(name, comment="other").comment == "other"
    assert [each.full_name for each in client.volumes.list(catalog, "default")] == [name]
    client.volumes.delete(name)
    with pytest.raises(NotFound):
        client.volumes.read(name)
    assert list(client.volumes.list(catalog, "default")) == []


def test_a_volume_has_grants_that_go_with_it(client: WorkspaceClient, catalog: str) -> None:
    name = f"{catalog}.default.documents"
    client.volumes.create(catalog, "default", "documents", MANAGED)
    change = PermissionsChange(principal="account users", add=[Privilege.READ_VOLUME])
    client.grants.update("volume", name, changes=[change])
    held = client.grants.get("volume", name).privilege_assignments or []
    assert [(each.principal, each.privileges) for each in held] == [("account users", [Privilege.READ_VOLUME])]
    client.volumes.delete(name)
    client.volumes.create(catalog, "default", "documents", MANAGED)
    assert not client.grants.get("volume", name).privilege_assignments


def test_a_volume_that_cannot_be_is_refused(client: WorkspaceClient, catalog: str) -> None:
    client.volumes.create(catalog, "default", "documents", MANAGED)
    with pytest.raises(BadRequest, match="already exists"):
        client.volumes.create(catalog, "default", "documents", MANAGED)
    with pytest.raises(NotFound):
        client.volumes.create(catalog, "nowhere", "documents", MANAGED)
    with pytest.raises(NotImplemented, match="no external volumes"):
        client.volumes.create(catalog, "default", "outside", VolumeType.EXTERNAL, storage_location="abfss://a@b/c")
    with pytest.raises(BadRequest, match="1 volumes"):
        client.schemas.delete(f"{catalog}.default")
