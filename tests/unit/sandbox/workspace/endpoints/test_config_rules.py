from __future__ import annotations

from typing import Any

import pytest

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.endpoints.config_rules import Config, check_config, check_endpoint_name
from sandbox.workspace.endpoints.endpoint_bodies import EndpointConfig

MODEL = "prod.chatbot.bot"


def entity(version: Any = "7", **fields: Any) -> dict[str, Any]:
    return {"entity_name": MODEL, "entity_version": version, **fields}


def route(name: str, percent: int) -> dict[str, Any]:
    return {"served_entity_name": name, "traffic_percentage": percent}


def check(entities: list[dict[str, Any]], routes: list[dict[str, Any]] | None = None) -> Config:
    sent: dict[str, Any] = {"served_entities": entities}
    if routes is not None:
        sent["traffic_config"] = {"routes": routes}
    return check_config(EndpointConfig.model_validate(sent))


def test_a_single_entity_gets_a_name_and_all_the_traffic() -> None:
    config = check([entity()])
    assert config.served_entities[0]["name"] == "bot-7"
    assert config.served_entities[0]["workload_size"] == "Small"
    assert list(config.routes) == [{"served_model_name": "bot-7", "traffic_percentage": 100}]


def test_the_old_form_means_the_same_as_the_new_one() -> None:
    model = {"model_name": MODEL, "model_version": "7", "scale_to_zero_enabled": False}
    assert check_config(EndpointConfig.model_validate({"served_models": [model]})) == check(
        [entity(scale_to_zero_enabled=False)]
    )


def test_a_concurrency_stands_in_for_a_size() -> None:
    config = check([entity(min_provisioned_concurrency=4, max_provisioned_concurrency=8)])
    assert "workload_size" not in config.served_entities[0]


@pytest.mark.parametrize(
    "version", ["", "0", "07", "7.0", "latest", "champion", "1e1", "-1", " 7", "7\n", "9999999999"]
)
def test_a_version_is_a_whole_number(version: str) -> None:
    with pytest.raises(ApiError, match="entity_version"):
        check([entity(version)])


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"workload_size": "Huge"}, "workload_size"),
        ({"workload_type": "TPU"}, "workload_type"),
        ({"name": "bot.v7"}, "name"),
        ({"name": "../x"}, "name"),
        ({"environment_vars": {"A B": "x"}}, "environment_vars"),
        ({"environment_vars": {"A": "x\0"}}, "environment_vars"),
    ],
)
def test_a_served_entity_that_databricks_refuses_is_refused_by_field(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(ApiError, match=rf"served_entities\[0\]\.{named}"):
        check([entity(**fields)])


def test_external_models_are_said_to_be_absent() -> None:
    with pytest.raises(ApiError) as caught:
        check([entity(external_model={"provider": "openai"})])
    assert caught.value.status == 501


def test_a_reference_to_a_secret_is_the_whole_value() -> None:
    kept = check([entity(environment_vars={"KEY": "{{secrets/a/b}}"})]).served_entities[0]
    assert kept["environment_vars"] == {"KEY": "{{secrets/a/b}}"}
    with pytest.raises(ApiError, match=r"environment_vars\.KEY: .* must be") as caught:
        check([entity(environment_vars={"KEY": "hidden-{{secrets/a/b}}"})])
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("routes", "message"),
    [
        ([], "required with more than one"),
        ([route("a", 100), route("c", 0)], "'c' is not served; served are a, b"),
        ([route("a", 90)], "sum to 100, found 90"),
        ([route("a", 110), route("b", -10)], "0 to 100, found 110"),
        ([route("a", 50), route("a", 50)], "more than one route"),
        ([{"traffic_percentage": 100}], "needs one served_entity_name"),
        ([{"served_entity_name": "a", "served_model_name": "b", "traffic_percentage": 100}], "needs one"),
    ],
)
def test_routes_that_do_not_hold_together_are_refused(routes: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(ApiError, match=message):
        check([entity("6", name="a"), entity("7", name="b")], routes)


def test_a_standby_may_have_no_traffic_or_no_route() -> None:
    entities = [entity("6", name="a"), entity("7", name="b")]
    assert len(check(entities, [route("a", 100), route("b", 0)]).routes) == 2
    assert len(check(entities, [route("a", 100)]).routes) == 1


def test_there_are_one_to_fifteen_entities_with_names_of_their_own() -> None:
    with pytest.raises(ApiError, match="at least one"):
        check([])
    with pytest.raises(ApiError, match="at most 15 are allowed, found 16"):
        check([entity(str(number)) for number in range(1, 17)])
    with pytest.raises(ApiError, match="'a' is given more than once"):
        check([entity("6", name="a"), entity("7", name="a")])


def test_both_forms_at_once_are_refused() -> None:
    model = {"model_name": MODEL, "model_version": "7"}
    sent = EndpointConfig.model_validate({"served_entities": [entity()], "served_models": [model]})
    with pytest.raises(ApiError, match="not both"):
        check_config(sent)


@pytest.mark.parametrize("name", ["", "a b", "a.b", "../etc", "-a", "a" * 64, "ä", "a\n"])
def test_endpoint_names_that_databricks_refuses_are_refused(name: str) -> None:
    with pytest.raises(ApiError, match="an endpoint's name"):
        check_endpoint_name(name)
