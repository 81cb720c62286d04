"""What a model declares to use, as the installed MLflow writes it and as it should not be written."""

from typing import Any

import pytest
from mlflow.models import resources as of_mlflow
from mlflow.models.resources import ResourceType, _ResourceBuilder

from model_ops.versions.resources import KINDS, LONGEST, Resource, read_resources

INDEX = Resource(kind="vector_search_index", name="prod.serving.docs_index")


def written(*resources: of_mlflow.Resource) -> dict[str, Any]:
    return {"resources": _ResourceBuilder.from_resources(list(resources))}


def test_every_kind_of_the_installed_mlflow_is_known() -> None:
    assert {each.value for each in ResourceType} == KINDS


def test_what_mlflow_writes_is_read_whole_and_once() -> None:
    index = of_mlflow.DatabricksVectorSearchIndex("prod.serving.docs_index")
    endpoint = of_mlflow.DatabricksServingEndpoint("embedder", on_behalf_of_user=True)
    found = read_resources(written(index, endpoint, index))
    as_user = Resource(kind="serving_endpoint", name="embedder", on_behalf_of_user=True)
    assert (found.resources, found.problem) == ((INDEX, as_user), None)
    assert str(as_user) == "serving_endpoint embedder, on behalf of the user"


def test_the_systems_part_of_a_policy_goes_before_the_plain_list() -> None:
    policy = {"auth_policy": {"system_auth_policy": written(of_mlflow.DatabricksTable("prod.a.t"))}}
    plain = written(of_mlflow.DatabricksVectorSearchIndex("prod.serving.docs_index"))
    assert read_resources(plain | policy).resources == (Resource(kind="table", name="prod.a.t"),)


@pytest.mark.parametrize("nothing", [{}, {"resources": None}, {"resources": {}}, {"resources": []}])
def test_a_model_that_declares_nothing_has_neither_resources_nor_a_problem(nothing: dict[str, Any]) -> None:
    found = read_resources(nothing)
    assert (found.resources, found.problem) == ((), None)


@pytest.mark.parametrize(
    ("listed", "problem"),
    [
        ("a text", "they are no mapping"),
        ({"api_version": "2", "databricks": {"table": [{"name": "a.b.c"}]}}, "they are of api_version 2, and 1 is"),
        ({"databricks": {"table": [{"name": "a.b.c"}]}}, "they are of api_version None"),
    ],
)
def test_what_cannot_be_read_says_so_and_names_nothing(listed: Any, problem: str) -> None:
    found = read_resources({"resources": listed})
    assert found.resources == ()
    assert str(found.problem).startswith(problem)


@pytest.mark.parametrize("entry", ["a text", {}, {"name": ""}, {"name": ["a"]}, {"name": "n" * (LONGEST + 1)}, None])
def test_an_entry_that_names_nothing_is_left_out(entry: Any) -> None:
    listed = {"api_version": "1", "databricks": {"vector_search_index": [entry, {"name": INDEX.name}], "table": entry}}
    assert read_resources({"resources": listed}).resources == (INDEX,)
