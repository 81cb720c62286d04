"""How the environment signs in to a workspace; the credentials themselves are read by the provider and the SDK."""

from __future__ import annotations

from collections.abc import Mapping

OTHER_WAYS = ("DATABRICKS_TOKEN", "DATABRICKS_CLIENT_ID", "DATABRICKS_USERNAME")


def by_azure(environment: Mapping[str, str]) -> bool:
    """Whether Azure signs in, to which a client may name the workspace by its resource id.

    Azure then lets in a principal that a new workspace does not know yet. Beside any other way of signing in, the
    Databricks SDKs take the resource id for a second one, and refuse.
    """
    way = environment.get("DATABRICKS_AUTH_TYPE", "")
    return way.startswith("azure-") if way else not any(environment.get(name) for name in OTHER_WAYS)
