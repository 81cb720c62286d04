"""What Databricks asks of what an endpoint has beside its config: tags, a description, whom to tell, telemetry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.workspace.api.errors import invalid
from sandbox.workspace.endpoints.endpoint_bodies import EmailNotifications, Tag, Telemetry

MOST_TAGS = 50
MOST_KEY = 127
MOST_VALUE = 255
MOST_DESCRIPTION = 64 * 1024
MOST_ADDRESSES = 100
FEATURES = tuple(f"TELEMETRY_FEATURE_{name}" for name in ("INFERENCE_TABLE", "LOGS", "METRICS", "TRACES"))
_ADDRESS = re.compile(r"[^\s@,;<>]{1,64}@[^\s@,;<>]{1,255}")
_TABLE = re.compile(r"[^.\s]+\.[^.\s]+\.[^.\s]+")


def check_tags(tags: Sequence[Tag]) -> list[dict[str, str]]:
    """Give tags as they are kept; raises ApiError for a key that is empty, too long or repeated, or a long value."""
    keys = [tag.key for tag in tags]
    for tag in tags:
        if not tag.key.strip() or len(tag.key) > MOST_KEY or keys.count(tag.key) > 1:
            raise invalid(f"tags: each key has 1 to {MOST_KEY} characters and is given once, found {tag.key[:130]!r}.")
        if len(tag.value or "") > MOST_VALUE:
            raise invalid(
                f"tags: the value of {tag.key!r} has {len(tag.value or '')} characters, {MOST_VALUE} at most."
            )
    check_tag_count(len(tags))
    return [tag.given() for tag in tags]


def check_tag_count(count: int) -> None:
    """Raise ApiError for more tags than an endpoint can have."""
    if count > MOST_TAGS:
        raise invalid(f"tags: at most {MOST_TAGS} are allowed, found {count}.")


def check_description(text: str | None) -> None:
    """Raise ApiError for a description that is too long."""
    if len(text or "") > MOST_DESCRIPTION:
        raise invalid(f"description: at most {MOST_DESCRIPTION} characters, found {len(text or '')}.")


def check_policy(field: str, policy: str | None) -> None:
    """Raise ApiError for what names no policy."""
    if policy is not None and not 0 < len(policy.strip()) <= MOST_VALUE:
        raise invalid(f"{field}: a policy's id has 1 to {MOST_VALUE} characters, found {policy[:80]!r}.")


def check_notifications(sent: EmailNotifications | None) -> None:
    """Raise ApiError for what is no address."""
    for field, addresses in (sent.given() if sent else {}).items():
        if len(addresses) > MOST_ADDRESSES:
            raise invalid(f"email_notifications.{field}: at most {MOST_ADDRESSES}, found {len(addresses)}.")
        for address in addresses:
            if not _ADDRESS.fullmatch(address):
                raise invalid(f"email_notifications.{field}: {address[:80]!r} is not an email address.")


def check_telemetry(sent: Telemetry | None) -> None:
    """Raise ApiError for telemetry that does not hold together."""
    if sent is None:
        return
    if sent.telemetry_profile_id and sent.table_names:
        raise invalid("telemetry_config: give telemetry_profile_id or table_names, not both.")
    for feature in sent.enabled_telemetry_features or []:
        if feature not in FEATURES:
            raise invalid(f"telemetry_config.enabled_telemetry_features: of {', '.join(FEATURES)}, found {feature!r}.")
    _check_table_names(sent.table_names.given() if sent.table_names else {})
    fraction = sent.inference_table_config.sampling_fraction if sent.inference_table_config else None
    if fraction is not None and not 0 <= fraction <= 1:
        raise invalid(f"telemetry_config.inference_table_config.sampling_fraction: 0 to 1, found {fraction}.")


def _check_table_names(names: Mapping[str, Any]) -> None:
    for field, name in names.items():
        if not _TABLE.fullmatch(name):
            raise invalid(f"telemetry_config.table_names.{field}: catalog.schema.table, found {name[:80]!r}.")
