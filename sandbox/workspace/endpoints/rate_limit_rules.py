"""Rate limits of an endpoint: what Databricks takes, and which of them hold for somebody who calls."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sandbox.workspace.api.errors import invalid
from sandbox.workspace.endpoints.endpoint_bodies import RateLimit
from sandbox.workspace.identity.principals import permitted
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Workspace

MOST_LIMITS = 20
MOST_GROUP_LIMITS = 5
MOST = 2**63 - 1
_FIELDS = {"user": "user_name", "user_group": "group_name", "service_principal": "service_principal_name"}
_UNITS = ("calls", "tokens")


def check_rate_limits(workspace: Workspace, limits: Sequence[RateLimit]) -> None:
    """Raise ApiError unless Databricks takes the limits and their principals exist."""
    if len(limits) > MOST_LIMITS:
        raise invalid(f"ai_gateway.rate_limits: at most {MOST_LIMITS} are allowed, found {len(limits)}.")
    groups = [limit for limit in limits if limit.key == "user_group"]
    if len(groups) > MOST_GROUP_LIMITS:
        raise invalid(f"ai_gateway.rate_limits: at most {MOST_GROUP_LIMITS} of user groups, found {len(groups)}.")
    taken: set[tuple[str, str, str]] = set()
    for place, limit in enumerate(limits):
        field = f"ai_gateway.rate_limits[{place}]"
        _check_numbers(limit, field)
        _check_principal(workspace, limit, field)
        _check_once(limit, field, taken)


def _check_numbers(limit: RateLimit, field: str) -> None:
    if limit.calls is None and limit.tokens is None:
        raise invalid(f"{field}: set calls or tokens.")
    for unit in _UNITS:
        number = getattr(limit, unit)
        if number is not None and not 0 <= number <= MOST:
            raise invalid(f"{field}.{unit}: 0 to {MOST}, found {number}.")


def _check_principal(workspace: Workspace, limit: RateLimit, field: str) -> None:
    key = limit.key or "endpoint"
    if key == "endpoint" and limit.principal:
        raise invalid(f"{field}.principal: a limit of the endpoint has none; give the key user, found {key!r}.")
    if key in ("user_group", "service_principal") and not limit.principal:
        raise invalid(f"{field}.principal: it is required with the key {key}.")
    if limit.principal:
        permitted(workspace, _FIELDS[key], limit.principal)


def _check_once(limit: RateLimit, field: str, taken: set[tuple[str, str, str]]) -> None:
    for unit in _UNITS:
        if getattr(limit, unit) is None:
            continue
        one = (limit.key or "endpoint", (limit.principal or "").casefold(), unit)
        if one in taken:
            whom = f"{one[0]} {limit.principal}" if limit.principal else one[0]
            raise invalid(f"{field}: {unit} of {whom} are limited more than once.")
        taken.add(one)


def binding(limits: Sequence[Document], user: str, groups: Collection[str]) -> list[Document]:
    """Give the limits that hold for a user: the endpoint's, and of those for users the most particular ones.

    As documented: a limit of one's own comes before those of one's groups, which all hold, and those before the
    default of all users.
    """
    of_endpoint = [limit for limit in limits if limit.get("key", "endpoint") == "endpoint"]
    names = {group.casefold() for group in groups}
    ranks = (
        [limit for limit in _of(limits, "user") if _principal(limit) == user.casefold()],
        [limit for limit in _of(limits, "user_group") if _principal(limit) in names],
        [limit for limit in _of(limits, "user") if not _principal(limit)],
    )
    return of_endpoint + next((rank for rank in ranks if rank), [])


def _of(limits: Sequence[Document], key: str) -> list[Document]:
    return [limit for limit in limits if limit.get("key") == key]


def _principal(limit: Document) -> str:
    return str(limit.get("principal") or "").casefold()
