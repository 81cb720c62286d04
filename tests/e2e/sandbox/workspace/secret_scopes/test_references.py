"""Secrets that served entities refer to: who may, when they are resolved, and where their values are not."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, OperationFailed, PermissionDenied, ResourceDoesNotExist
from databricks.sdk.service import serving

from sandbox.home import Home
from tests.e2e.sandbox.model_servers import model_servers

VALUE = "a token with 'quotes', a \\ and\na second line"
CODE = "secret_scopes/using.py"
MODEL = "serving.default.user"


@pytest.fixture(scope="module")
def careful(register) -> int:
    """A version that uses the variable TOKEN."""
    return register("careful", name=MODEL, code=CODE)


@pytest.fixture
def endpoint(client: WorkspaceClient) -> Iterator[str]:
    name = f"e{uuid.uuid4().hex[:8]}"
    yield name
    if name in {found.name for found in client.serving_endpoints.list()}:
        client.serving_endpoints.delete(name)


def config(endpoint: str, version: int, reference: str, **more: str) -> serving.EndpointCoreConfigInput:
    entity = serving.ServedEntityInput(
        name="user", entity_name=MODEL, entity_version=str(version), environment_vars={"TOKEN": reference, **more}
    )
    return serving.EndpointCoreConfigInput(name=endpoint, served_entities=[entity])


def create(client: WorkspaceClient, endpoint: str, version: int, reference: str) -> serving.ServingEndpointDetailed:
    return client.serving_endpoints.create_and_wait(endpoint, config=config(endpoint, version, reference))


def said(client: WorkspaceClient, endpoint: str) -> str:
    """What went wrong, as the endpoint shows it."""
    pending = client.serving_endpoints.get(endpoint).pending_config
    return str(pending.served_entities[0].state.deployment_state_message)


def used(client: WorkspaceClient, endpoint: str) -> str:
    (digest,) = client.serving_endpoints.query(endpoint, dataframe_records=[{"question": "?"}]).predictions or ()
    return str(digest)


def digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def test_a_value_reaches_the_model_and_nothing_else(client, curl, home: Home, scope, endpoint, careful) -> None:
    client.secrets.put_secret(scope, "token", string_value=VALUE)
    create(client, endpoint, careful, f"{{{{secrets/{scope}/token}}}}")

    assert used(client, endpoint) == digest(VALUE)
    (process,) = model_servers(home).values()
    seen = [Path(f"/proc/{process}/{file}").read_bytes() for file in ("environ", "cmdline")]
    told = curl.get(f"/api/2.0/serving-endpoints/{endpoint}").text
    log = curl.get(f"/api/2.0/serving-endpoints/{endpoint}/served-models/user/logs").text
    files = [file.read_bytes() for file in home.root.rglob("*") if file.is_file()]
    assert f"{{{{secrets/{scope}/token}}}}" in told
    assert "begins with [REDACTED]" in log
    for part in ("a token with", "a second line"):
        assert [each for each in (*seen, told.encode(), log.encode(), *files) if part.encode() in each] == []


def test_a_careless_model_does_not_tell_why_with_the_value(client, curl, scope, endpoint, register) -> None:
    client.secrets.put_secret(scope, "token", string_value=VALUE)
    version = register("careless", name=MODEL, code=CODE)
    with pytest.raises(OperationFailed):
        create(client, endpoint, version, f"{{{{secrets/{scope}/token}}}}")

    assert "RuntimeError: nobody takes [REDACTED]" in said(client, endpoint)
    assert "second line" not in curl.get(f"/api/2.0/serving-endpoints/{endpoint}").text


def test_a_key_that_is_not_there_fails_the_deployment(client, scope, endpoint, careful) -> None:
    with pytest.raises(OperationFailed):
        create(client, endpoint, careful, f"{{{{secrets/{scope}/token}}}}")

    assert f"TOKEN: Secret does not exist with scope: {scope} and key: token" in said(client, endpoint)


def test_a_scope_that_is_not_there_or_not_the_creators_to_read_is_refused(client, scope, endpoint, careful) -> None:
    me = client.current_user.me().user_name
    with pytest.raises(ResourceDoesNotExist, match="Scope nowhere does not exist!"):
        create(client, endpoint, careful, "{{secrets/nowhere/token}}")
    client.secrets.delete_acl(scope, me)
    with pytest.raises(PermissionDenied, match=f"{me} does not have READ permission on scope {scope}"):
        create(client, endpoint, careful, f"{{{{secrets/{scope}/token}}}}")

    assert endpoint not in {found.name for found in client.serving_endpoints.list()}


@pytest.mark.parametrize("reference", ["Bearer {{secrets/a/b}}", "{{secrets/a}}", "{{secrets/a/b/c}}"])
def test_what_only_begins_like_a_reference_is_refused(client, endpoint, careful, reference: str) -> None:
    with pytest.raises(InvalidParameterValue, match=r"environment_vars.TOKEN: .*must be \{\{secrets/<scope>/<key>\}\}"):
        create(client, endpoint, careful, reference)


def test_a_new_value_is_used_once_the_model_server_starts_anew(client, scope, endpoint, careful) -> None:
    client.secrets.put_secret(scope, "token", string_value="before")
    reference = f"{{{{secrets/{scope}/token}}}}"
    create(client, endpoint, careful, reference)
    client.secrets.put_secret(scope, "token", string_value="after")
    same = config(endpoint, careful, reference)
    client.serving_endpoints.update_config_and_wait(endpoint, served_entities=same.served_entities)
    assert used(client, endpoint) == digest("before")

    other = config(endpoint, careful, reference, ROTATED="1")
    client.serving_endpoints.update_config_and_wait(endpoint, served_entities=other.served_entities)
    assert used(client, endpoint) == digest("after")
