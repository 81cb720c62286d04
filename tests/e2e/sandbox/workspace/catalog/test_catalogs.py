from __future__ import annotations

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, InvalidParameterValue, InvalidState, NotFound


def test_a_new_catalog_has_its_default_schema(client: WorkspaceClient, catalog: str) -> None:
    assert [schema.full_name for schema in client.schemas.list(catalog)] == [f"{catalog}.default"]
    assert client.catalogs.get(catalog).owner == client.current_user.me().user_name


def test_names_are_kept_in_lower_case_and_found_in_any(client: WorkspaceClient, catalog: str) -> None:
    made = client.schemas.create("ChatBot", catalog.upper(), comment="c", properties={"a": "b"})
    assert made.full_name == f"{catalog}.chatbot"
    assert client.schemas.get(f"{catalog}.CHATBOT").properties == {"a": "b"}


def test_an_update_changes_what_was_sent_and_leaves_the_rest(client: WorkspaceClient, catalog: str) -> None:
    client.catalogs.update(catalog, comment="first", properties={"a": "b"})
    client.catalogs.update(catalog, comment="")
    found = client.catalogs.get(catalog)
    assert (found.comment, found.properties) == ("", {"a": "b"})


def test_what_exists_cannot_be_made_again(client: WorkspaceClient, catalog: str) -> None:
    with pytest.raises(BadRequest, match=f"Catalog '{catalog}' already exists"):
        client.catalogs.create(catalog)
    with pytest.raises(BadRequest, match="already exists"):
        client.schemas.create("default", catalog)


def test_what_does_not_exist_is_not_found(client: WorkspaceClient, catalog: str) -> None:
    with pytest.raises(NotFound, match="Catalog 'nowhere' does not exist"):
        client.catalogs.get("nowhere")
    with pytest.raises(NotFound, match=r"Schema '.*\.nothing' does not exist"):
        client.schemas.get(f"{catalog}.nothing")
    with pytest.raises(NotFound, match="Catalog 'nowhere'"):
        client.schemas.create("x", "nowhere")
    with pytest.raises(NotFound, match="Catalog 'nowhere'"):
        list(client.schemas.list("nowhere"))


@pytest.mark.parametrize("name", ["a.b", "a b", "a/b", ""])
def test_a_bad_name_makes_nothing(client: WorkspaceClient, name: str) -> None:
    before = [found.name for found in client.catalogs.list()]
    with pytest.raises(InvalidParameterValue, match=r"CatalogInfo\.name"):
        client.catalogs.create(name)
    assert [found.name for found in client.catalogs.list()] == before


def test_what_holds_something_is_deleted_only_with_force(client: WorkspaceClient, catalog: str) -> None:
    client.registered_models.create(catalog_name=catalog, schema_name="default", name="bot")
    with pytest.raises(InvalidState, match=r"1 schema\(s\)"):
        client.catalogs.delete(catalog)
    with pytest.raises(InvalidState, match=r"1 functions\(s\)"):
        client.schemas.delete(f"{catalog}.default")
    assert client.registered_models.get(f"{catalog}.default.bot").name == "bot"
    client.catalogs.delete(catalog, force=True)
    client.catalogs.create(catalog)
    with pytest.raises(NotFound, match="bot"):
        client.registered_models.get(f"{catalog}.default.bot")


def test_an_empty_schema_and_then_an_empty_catalog_go_without_force(client: WorkspaceClient, catalog: str) -> None:
    client.schemas.delete(f"{catalog}.default")
    client.catalogs.delete(catalog)
    with pytest.raises(NotFound):
        client.catalogs.get(catalog)


def test_lists_come_in_pages(client: WorkspaceClient, catalog: str) -> None:
    for number in range(5):
        client.schemas.create(f"s{number}", catalog)
    names = [schema.name for schema in client.schemas.list(catalog, max_results=2)]
    assert names == ["default", "s0", "s1", "s2", "s3", "s4"]


def test_the_workspace_has_one_metastore(client: WorkspaceClient) -> None:
    current = client.metastores.current()
    assert current.metastore_id == client.metastores.summary().metastore_id
    assert current.workspace_id == client.get_workspace_id()
