"""Vector search and a volume on the real engine: what stays as it is, what is put right, what is replaced."""

from __future__ import annotations

import json
from collections.abc import Callable

import pulumi_databricks as databricks
import pytest
from databricks.sdk.errors import NotFound

from tests.e2e.engine.stand_in.conftest import Taught
from tests.e2e.engine.stand_in.driven_stack import DrivenStack

COLUMNS = {"id": "integer", "v": "array<float>"}


def program(name: str, dimension: int = 2, comment: str = "documents") -> Callable[[], None]:
    """An endpoint with an index of each kind and a grant on one, and a volume, in a catalog of their own."""

    def declare() -> None:
        catalog = databricks.Catalog("catalog", name=name, force_destroy=True)
        schema = databricks.Schema("schema", name="docs", catalog_name=catalog.name)
        endpoint = databricks.VectorSearchEndpoint("endpoint", name=name, endpoint_type="STANDARD")
        vectors = [{"name": "v", "embedding_dimension": dimension}]
        direct = databricks.VectorSearchIndex(
            "direct",
            name=schema.id.apply(lambda it: f"{it}.Direct"),
            endpoint_name=endpoint.name,
            primary_key="id",
            index_type="DIRECT_ACCESS",
            direct_access_index_spec={"embedding_vector_columns": vectors, "schema_json": json.dumps(COLUMNS)},
        )
        databricks.VectorSearchIndex(
            "synced",
            name=schema.id.apply(lambda it: f"{it}.synced"),
            endpoint_name=endpoint.name,
            primary_key="id",
            index_type="DELTA_SYNC",
            delta_sync_index_spec={
                "source_table": f"{name}.docs.source",
                "pipeline_type": "TRIGGERED",
                "embedding_vector_columns": vectors,
            },
        )
        databricks.Grants("grants", table=direct.id, grants=[{"principal": "account users", "privileges": ["SELECT"]}])
        databricks.Volume(
            "volume", name="pages", catalog_name=name, schema_name=schema.name, volume_type="MANAGED", comment=comment
        )

    return declare


def test_it_comes_up_stays_as_it_is_and_goes(stack: DrivenStack, taught: Taught) -> None:
    stack.program = program("searching")
    assert stack.run("up").changes == {"create": 7}
    assert stack.run("up").changes == {}
    assert stack.run("refresh").changes == {}
    found = taught.client.vector_search_indexes.get_index("searching.docs.direct")
    assert (found.endpoint_name, found.status and found.status.ready) == ("searching", True)
    assert stack.run("destroy").changes == {"delete": 7}
    with pytest.raises(NotFound):
        taught.client.vector_search_endpoints.get_endpoint("searching")


def test_another_dimension_replaces_the_index_and_a_comment_changes_the_volume(
    stack: DrivenStack, taught: Taught
) -> None:
    stack.program = program("replaced")
    stack.run("up")
    taught.client.volumes.update("replaced.docs.pages", comment="stray")
    stack.program = program("replaced", dimension=3)
    planned = stack.run("preview")
    assert planned.paths("update") == {"volume": ["comment"]}
    path = "directAccessIndexSpec.embeddingVectorColumns[0].embeddingDimension"
    assert planned.paths("replace")["direct"] == [path]
    stack.run("destroy")
