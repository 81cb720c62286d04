"""What a version is served with, in words; of what is in a variable nothing but a reference is shown."""

from __future__ import annotations

from typing import Any

from model_ops.versions.served_with import served_with

MODEL = "main.shared.churn"


def endpoint(*entities: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"config": {"served_entities": [*entities]}, **more}


def entity(version: int, **more: Any) -> dict[str, Any]:
    return {"name": f"churn-v{version}", "entity_name": MODEL, "entity_version": str(version), **more}


def test_a_version_says_its_hardware_its_variables_and_its_limits() -> None:
    variables = {"TOKEN": "{{secrets/churn/token}}", "INDEX": "docs"}
    seven = entity(7, workload_type="GPU_SMALL", workload_size="Small", environment_vars=variables)
    limits = [
        {"calls": 600, "key": "endpoint", "renewal_period": "minute"},
        {"tokens": 90, "key": "user_group", "principal": "askers", "renewal_period": "minute"},
    ]
    table = {"enabled": True, "catalog_name": "main", "schema_name": "logs", "table_name_prefix": "churn"}
    gateway = {
        "rate_limits": limits,
        "usage_tracking_config": {"enabled": True},
        "inference_table_config": table,
    }

    assert served_with(endpoint(entity(6), seven, ai_gateway=gateway), MODEL, 7) == {
        "served entity": "churn-v7",
        "workload": "GPU_SMALL, Small",
        "scales to zero": "no",
        "variable INDEX": "set",
        "variable TOKEN": "{{secrets/churn/token}}",
        "limits": "600 calls a minute for all together; 90 tokens a minute for group askers",
        "usage tracking": "on",
        "inference table": "main.logs.churn_payload",
    }


def test_what_is_provisioned_is_said_in_its_unit() -> None:
    six = entity(6, min_provisioned_concurrency=4, max_provisioned_concurrency=16, scale_to_zero_enabled=True)
    seven = entity(7, max_provisioned_throughput=9500)

    found = [served_with(endpoint(six, seven), MODEL, version) for version in (6, 7)]

    assert [each["workload"] for each in found] == ["CPU, 4 to 16 requests at once", "CPU, 0 to 9500 tokens a second"]
    assert [each["scales to zero"] for each in found] == ["yes", "no"]


def test_a_version_that_is_not_deployed_is_served_with_nothing() -> None:
    assert served_with(None, MODEL, 7) == {}
    assert served_with(endpoint(entity(6)), MODEL, 7) == {}
    assert served_with(endpoint({**entity(7), "entity_name": "main.shared.other"}), MODEL, 7) == {}
