"""What a serving endpoint can be set to, from a program through the real engine to the sandbox and back."""

from __future__ import annotations

from collections.abc import Callable

import pulumi_databricks as databricks

from tests.e2e.engine.stand_in.conftest import MODEL, Taught
from tests.e2e.engine.stand_in.driven_stack import DrivenStack

TABLE = {"enabled": True, "catalog_name": "main", "schema_name": "default", "table_name_prefix": "settled"}


def program(calls: int, high: int) -> Callable[[], None]:
    """An endpoint with all that it can have, for custom models on Azure."""

    def declare() -> None:
        databricks.ModelServing(
            "endpoint",
            name="settled",
            config={
                "served_entities": [
                    {
                        "name": "chain-v1",
                        "entity_name": MODEL,
                        "entity_version": "1",
                        "workload_type": "GPU_SMALL",
                        "min_provisioned_concurrency": 4,
                        "max_provisioned_concurrency": high,
                    }
                ],
                "traffic_config": {"routes": [{"served_model_name": "chain-v1", "traffic_percentage": 100}]},
            },
            ai_gateway={
                "inference_table_config": TABLE,
                "rate_limits": [
                    {"calls": calls, "key": "user", "renewal_period": "minute"},
                    {"tokens": 9000, "key": "user_group", "principal": "admins", "renewal_period": "minute"},
                ],
                "usage_tracking_config": {"enabled": True},
            },
            description="answers",
            email_notifications={"on_update_failures": ["ml@example.com"]},
            telemetry_config={"table_names": {"logs_table": "main.default.logs"}},
            route_optimized=True,
        )

    return declare


def test_all_settings_come_back_without_a_difference_and_change_in_place(stack: DrivenStack, taught: Taught) -> None:
    stack.program = program(calls=60, high=8)
    assert stack.run("up").changes == {"create": 1}
    stack.run("refresh")
    assert stack.run("up").changes == {}
    stack.program = program(calls=90, high=16)
    paths = ["aiGateway.rateLimits[0].calls", "config.servedEntities[0].maxProvisionedConcurrency"]
    assert stack.run("preview").paths("update") == {"endpoint": paths}
    assert stack.run("up").changes == {"update": 1}
    found = taught.client.serving_endpoints.get("settled")
    assert found.ai_gateway
    assert [limit.calls for limit in found.ai_gateway.rate_limits or []] == [90, None]
    assert found.config
    assert [entity.max_provisioned_concurrency for entity in found.config.served_entities or []] == [16]
    assert taught.client.tables.exists("main.default.settled_payload").table_exists
