"""When Azure signs in."""

from __future__ import annotations

import pytest

from infra.proof import signing_in


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"ARM_CLIENT_ID": "x", "ARM_USE_OIDC": "true"}, True),
        ({"DATABRICKS_TOKEN": "x"}, False),
        ({"DATABRICKS_CLIENT_ID": "x"}, False),
        ({"DATABRICKS_AUTH_TYPE": "github-oidc", "ARM_CLIENT_ID": "x"}, False),
        ({"DATABRICKS_AUTH_TYPE": "azure-client-secret", "DATABRICKS_TOKEN": "x"}, True),
    ],
)
def test_azure_signs_in_unless_something_else_does(environment: dict[str, str], expected: bool) -> None:
    assert signing_in.by_azure(environment) is expected
