from __future__ import annotations

from typing import Any

import pytest

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.endpoints.endpoint_bodies import EmailNotifications, Tag, Telemetry
from sandbox.workspace.endpoints.property_rules import (
    MOST_DESCRIPTION,
    MOST_TAGS,
    check_description,
    check_notifications,
    check_policy,
    check_tags,
    check_telemetry,
)


def test_tags_have_one_value_a_key() -> None:
    assert check_tags([Tag(key="a", value="1"), Tag(key="b")]) == [{"key": "a", "value": "1"}, {"key": "b"}]


@pytest.mark.parametrize(
    "tags",
    [
        [Tag(key="")],
        [Tag(key="a"), Tag(key="a")],
        [Tag(key="a" * 128)],
        [Tag(key="a", value="v" * 256)],
        [Tag(key=str(number)) for number in range(MOST_TAGS + 1)],
    ],
)
def test_tags_that_are_too_many_too_long_or_twice_are_refused(tags: list[Tag]) -> None:
    with pytest.raises(ApiError, match="tags"):
        check_tags(tags)


def test_a_description_and_a_policy_are_bounded() -> None:
    check_description("x" * MOST_DESCRIPTION)
    check_policy("budget_policy_id", None)
    check_policy("budget_policy_id", "b1c2")
    with pytest.raises(ApiError, match="description: at most 65536 characters, found 65537"):
        check_description("x" * (MOST_DESCRIPTION + 1))
    with pytest.raises(ApiError, match="budget_policy_id: a policy's id"):
        check_policy("budget_policy_id", " ")


def test_notifications_go_to_addresses() -> None:
    check_notifications(EmailNotifications(on_update_failure=["ml@example.com"], on_update_success=[]))
    with pytest.raises(ApiError, match="on_update_failure: 'ml' is not an email address"):
        check_notifications(EmailNotifications(on_update_failure=["ml"]))


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"telemetry_profile_id": "p", "table_names": {"logs_table": "a.b.c"}}, "not both"),
        ({"enabled_telemetry_features": ["LOGS"]}, "found 'LOGS'"),
        ({"table_names": {"traces_table": "b.c"}}, "table_names.traces_table: catalog.schema.table, found 'b.c'"),
        ({"inference_table_config": {"sampling_fraction": 1.5}}, "0 to 1, found 1.5"),
    ],
)
def test_telemetry_that_does_not_hold_together_is_refused(sent: dict[str, Any], message: str) -> None:
    with pytest.raises(ApiError, match=message):
        check_telemetry(Telemetry.model_validate(sent))


def test_telemetry_as_databricks_client_sends_it_is_taken() -> None:
    features = ["TELEMETRY_FEATURE_LOGS", "TELEMETRY_FEATURE_TRACES"]
    sent = {"enabled_telemetry_features": features, "inference_table_config": {"sampling_fraction": 1}}
    check_telemetry(Telemetry.model_validate(sent | {"table_names": {"logs_table": "a.b.c"}}))
    check_telemetry(None)
