from __future__ import annotations

import pytest

from sandbox.serving.config_body import checked_name, config
from sandbox.serving.errors import ApiError
from sandbox.serving.served_config import Route


def entity(**change):
    return {"name": "a", "entity_name": "c.s.m", "entity_version": "1", "model_dir": "/models/1"} | change


def body(*entities, **shares):
    routes = [{"served_model_name": name, "traffic_percentage": share} for name, share in shares.items()]
    return {"served_entities": list(entities)} | ({"traffic_config": {"routes": routes}} if routes else {})


def test_a_single_entity_takes_all_the_traffic_unless_told_otherwise():
    assert config(body(entity())).routes == (Route("a", 100),)


def test_fields_that_mean_nothing_here_are_kept():
    [read] = config(body(entity(workload_size="Small", state={"deployment": "?"}))).entities
    assert read.fields == {"name": "a", "entity_name": "c.s.m", "entity_version": "1", "workload_size": "Small"}
    assert read.model_dir == "/models/1"


def test_both_spellings_of_a_route_are_read():
    route = {"served_entity_name": "a", "traffic_percentage": 100}
    assert config({"served_entities": [entity()], "traffic_config": {"routes": [route]}}).routes == (Route("a", 100),)


@pytest.mark.parametrize("name", ["a", "A-1_b", "0" * 63])
def test_names_are_accepted(name):
    assert checked_name("Endpoint", name) == name


@pytest.mark.parametrize("name", ["", "a" * 64, "-a", "_a", "a.b", "a/b", "..", "a\n", "a b", "é", None, 1])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ApiError, match="is not a name") as refusal:
        checked_name("Endpoint", name)
    assert (refusal.value.status, refusal.value.code) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ([], "The body is list"),
        ({}, "served_entities is NoneType"),
        (body(), "served_entities has 0 members"),
        (body(*(entity(name=f"a{n}") for n in range(16))), "served_entities has 16 members"),
        (body("a"), "A member of served_entities is str"),
        (body(entity(), entity()), "names one twice"),
        (body(entity(entity_version=7)), "entity_version of served entity a is 7"),
        (body(entity(entity_name="")), "entity_name of served entity a is ''"),
        (body(entity(model_dir="models")), "give an absolute path"),
        (body(entity(model_dir=None)), "give an absolute path"),
        (body(entity(environment_vars=[])), "environment_vars of served entity a is list"),
        (body(entity(environment_vars={"1A": "x"})), "has '1A'"),
        (body(entity(environment_vars={"A": "x\0"})), "has 'A'"),
        (body(entity(), entity(name="b")), "traffic_config is NoneType"),
        (body(entity(), b=100), "names 'b', which is not a served entity"),
        (body(entity(), a=99), "adds up to 99"),
        (body(entity(), a=101), "is 101"),
        (body(entity(), a=100.0), "is 100.0"),
        (body(entity(), a=True), "is True"),
        (body(entity()) | {"traffic_config": {"routes": []}}, "adds up to 0"),
    ],
)
def test_a_malformed_wish_is_refused_with_what_was_found(wish, message):
    with pytest.raises(ApiError, match=message) as refusal:
        config(wish)
    assert (refusal.value.status, refusal.value.code) == (400, "INVALID_PARAMETER_VALUE")
