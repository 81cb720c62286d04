"""Who needs to use what, from what the models declare."""

from __future__ import annotations

from infra.access.resource_plan import plan, privileges
from infra.settings.schema import Model
from model_ops.versions.resources import Resource


def model(*execute: str) -> Model:
    access = {"execute": execute, "resources": True}
    return Model.model_validate({"catalog": "prod", "schema": "x", "access": access})


def use(kind: str, name: str, *, as_user: bool = False) -> Resource:
    return Resource(kind=kind, name=name, on_behalf_of_user=as_user)


def test_what_two_models_use_is_named_once_with_everybody_who_serves_them() -> None:
    index = use("vector_search_index", "prod.docs.idx")
    found = plan({"a": model("one"), "b": model("two", "one")}, {"a": [index], "b": [index]})

    assert found.securables == {("table", "prod.docs.idx"): {"one", "two"}}
    assert found.schemas == {("prod", "docs"): {"one", "two"}}
    assert found.readers("prod.docs.idx") == {"one", "two"}
    assert found.readers("prod.docs.other") == frozenset()


def test_each_kind_goes_where_its_grant_is_given() -> None:
    uses = [use("function", "Prod.F.Rank"), use("uc_connection", "jira"), use("serving_endpoint", "embed")]
    found = plan({"a": model("one")}, {"a": uses})

    assert found.securables == {("function", "prod.f.rank"): {"one"}, ("foreign_connection", "jira"): {"one"}}
    assert found.endpoints == {"embed": {"one"}}
    assert found.schemas == {("prod", "f"): {"one"}}
    assert privileges("foreign_connection", ["one"]) == {"one": ("USE_CONNECTION",)}


def test_what_has_no_grant_is_handed_on_and_what_the_user_may_do_himself_is_not() -> None:
    strange = [use("sql_warehouse", "w1"), use("table", "docs")]
    found = plan({"a": model("one")}, {"a": [*strange, use("table", "prod.a.t", as_user=True)]})

    assert found.beyond == tuple(("a", each) for each in strange)
    assert (found.securables, found.schemas, found.endpoints) == ({}, {}, {})
