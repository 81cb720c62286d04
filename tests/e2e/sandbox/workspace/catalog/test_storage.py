"""Storage credentials, external locations and the metastore's assignment, by Databricks' own client."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, InvalidParameterValue, InvalidState, NotFound
from databricks.sdk.service.catalog import AzureManagedIdentityRequest, IsolationMode

CONNECTOR = AzureManagedIdentityRequest(access_connector_id="/subscriptions/s/resourceGroups/g/x")
LAKE = "abfss://unity-catalog@rollpinlake.dfs.core.windows.net/"


@pytest.fixture
def credential(client: WorkspaceClient) -> Iterator[str]:
    name = f"credential-{uuid.uuid4().hex[:8]}"
    client.storage_credentials.create(name, azure_managed_identity=CONNECTOR, skip_validation=True)
    yield name
    client.storage_credentials.delete(name, force=True)


@pytest.fixture
def location(client: WorkspaceClient, credential: str) -> Iterator[str]:
    client.external_locations.create(credential, LAKE, credential)
    yield credential
    client.external_locations.delete(credential)


def test_a_credential_is_kept_and_changed(client: WorkspaceClient, credential: str) -> None:
    assert credential in [each.name for each in client.storage_credentials.list()]
    client.storage_credentials.update(credential, isolation_mode=IsolationMode.ISOLATION_MODE_ISOLATED, comment="c")

    found = client.storage_credentials.get(credential.upper())
    assert (found.isolation_mode, found.comment) == (IsolationMode.ISOLATION_MODE_ISOLATED, "c")
    assert found.azure_managed_identity
    assert found.azure_managed_identity.access_connector_id == CONNECTOR.access_connector_id


def test_a_credential_that_a_location_names_goes_only_by_force(client: WorkspaceClient, location: str) -> None:
    with pytest.raises(InvalidState, match=r"1 dependent external location\(s\)"):
        client.storage_credentials.delete(location)
    assert client.storage_credentials.get(location).name == location


def test_a_location_leads_to_a_storage_by_a_credential_that_exists(client: WorkspaceClient, credential: str) -> None:
    with pytest.raises(InvalidParameterValue, match=r"url must be abfss://.*found 'https://example\.com'"):
        client.external_locations.create("elsewhere", "https://example.com", credential)
    with pytest.raises(NotFound, match="Storage Credential 'nobody' does not exist"):
        client.external_locations.create("elsewhere", LAKE, "nobody")
    assert "elsewhere" not in [each.name for each in client.external_locations.list()]


def test_two_locations_are_not_within_each_other(client: WorkspaceClient, location: str) -> None:
    with pytest.raises(BadRequest, match=f"overlaps with that of {location}"):
        client.external_locations.create("inner", f"{LAKE}tables", location)
    client.external_locations.update(location, comment="the same place again", url=LAKE)
    assert client.external_locations.get(location).url == LAKE


def test_the_metastore_can_be_taken_away_and_given_back(client: WorkspaceClient) -> None:
    current = client.metastores.current()
    assert current.workspace_id
    assert current.metastore_id
    client.metastores.unassign(current.workspace_id, current.metastore_id)
    with pytest.raises(NotFound, match="No metastore assigned"):
        client.metastores.current()
    with pytest.raises(NotFound, match="Metastore 'another' does not exist"):
        client.metastores.assign(current.workspace_id, "another", "main")
    client.metastores.assign(current.workspace_id, current.metastore_id, "main")
    assert client.metastores.current().metastore_id == current.metastore_id
