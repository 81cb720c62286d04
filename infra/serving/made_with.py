"""What an endpoint is made with and no update changes: where the stack says something else now, somebody is told.

The provider sends of an endpoint that exists its configuration, its tags and its gateway, and nothing more. A changed
description would be planned at every `up`, and never made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from infra.serving.live_endpoint import LiveEndpoint
from infra.settings.endpoint_schema import Endpoint, Notifications


def settings(endpoint: Endpoint, live: LiveEndpoint) -> dict[str, Any]:
    """What an endpoint is made with, by the provider's names: of one that exists, what it was made with."""
    if live.exists:
        return live.settings
    said = {
        "description": endpoint.description,
        "budget_policy_id": endpoint.budget_policy,
        "email_notifications": endpoint.notifications and _provider(endpoint.notifications),
    }
    return {key: value for key, value in said.items() if value is not None}


def differences(endpoint: Endpoint, live: LiveEndpoint, name: str) -> Iterator[str]:
    """Say of the endpoint `name` what the stack says otherwise than it is, and how to change it."""
    if not live.exists:
        return
    found = live.settings
    by_hand = "no API changes that of an endpoint that exists: change it in the workspace's UI, or the line to it"
    if endpoint.description is not None and endpoint.description != (found.get("description") or ""):
        yield f"endpoint {name} keeps its description: {by_hand}"
    if endpoint.budget_policy is not None and endpoint.budget_policy != found.get("budget_policy_id"):
        yield f"endpoint {name} keeps its budget policy: {by_hand}"
    if endpoint.notifications is not None and not _same(_provider(endpoint.notifications), found):
        body = json.dumps({"email_notifications": _rest(endpoint.notifications)})
        yield (
            f"endpoint {name} keeps its notifications, which the provider does not change. Type: "
            f"databricks serving-endpoints update-notifications {name} --json '{body}'"
        )


def _same(said: dict[str, list[str]], found: dict[str, Any]) -> bool:
    there = found.get("email_notifications") or {}
    return all(sorted(value) == sorted(there.get(key) or ()) for key, value in said.items())


def _provider(said: Notifications) -> dict[str, list[str]]:
    return {"on_update_successes": list(said.on_success), "on_update_failures": list(said.on_failure)}


def _rest(said: Notifications) -> dict[str, list[str]]:
    return {"on_update_success": list(said.on_success), "on_update_failure": list(said.on_failure)}
