from __future__ import annotations

from engine.azure_task import variables

TASK = {"servicePrincipalId": "app", "tenantId": "tenant", "idToken": "assertion"}


def test_what_the_task_leaves_is_told_to_the_providers():
    assert variables(TASK) == {
        "ARM_CLIENT_ID": "app",
        "ARM_TENANT_ID": "tenant",
        "ARM_OIDC_TOKEN": "assertion",
        "ARM_USE_OIDC": "true",
    }


def test_where_no_such_task_runs_nothing_is_set():
    assert variables({}) == variables({"servicePrincipalId": "app", "servicePrincipalKey": "secret"}) == {}
