"""An endpoint that exists, as an entry of a stack file whose models have settings in common."""

from __future__ import annotations

from tests.unit.model_ops.adopting.endpoints import entity, read


def test_what_the_defaults_say_already_is_left_out() -> None:
    common = {"catalog": "main", "schema": "shared", "createSchema": False, "endpoint": {"workloadSize": "Small"}}
    entry = read(entity(7), defaults=common)

    assert entry.settings == {
        "adopt": True,
        "servedVersion": 7,
        "experiment": {"name": "/Shared/churn"},
        "endpoint": {"name": "scores", "scaleToZero": False},
    }


def test_what_the_defaults_say_otherwise_is_said_and_what_cannot_be_is_listed() -> None:
    common = {
        "createCatalog": True,
        "createExperiment": False,
        "endpoint": {"workloadSize": "Large", "inferenceTable": True, "tags": {"team": "theirs"}},
    }
    entry = read(entity(7, workload_size="X-Large"), defaults=common)

    assert entry.settings["createCatalog"] is False
    assert entry.settings["createExperiment"] is True
    assert entry.settings["endpoint"] == {"name": "scores", "scaleToZero": False, "inferenceTable": False}
    assert "workloadSize of rollpin:defaults, which the next `up` sets: Large" in entry.unsaid


def test_what_the_defaults_set_of_a_gateway_and_of_variables_is_told_and_no_value_of_these() -> None:
    common = {"environment": {"TOKEN": "dapi-x"}, "gateway": {"rateLimits": [{"per": "user", "calls": 60}]}}
    tracked = {"usage_tracking_config": {"enabled": True}}

    unsaid = read(entity(7), defaults={"endpoint": common}, ai_gateway=tracked).unsaid

    assert "environment of rollpin:defaults, which the next `up` sets: TOKEN" in unsaid
    assert any(each.startswith("gateway.rateLimits of rollpin:defaults") for each in unsaid)
    assert not any("dapi-x" in each for each in unsaid)
