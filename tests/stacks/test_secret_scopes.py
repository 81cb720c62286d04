"""The secret scopes of a stack: made with their ACLs, kept, and there before the endpoint that refers to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from infra.proof.claims import Claims, TakenError
from infra.proof.thing import secret_scope
from model_ops.commands import Commands
from tests.stacks.recorded import Stack, version

Run = Callable[..., Stack]
HOST = "https://adb-1.1.azuredatabricks.net"
MODEL = "main.shared.churn"
ENDPOINT = "/api/2.0/serving-endpoints/churn"
SCOPES = "/api/2.0/secrets/scopes/list"
VAULT = (
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault"
    "/vaults/kv-helpdesk"
)
ENTRY = "    churn: {catalog: main, schema: shared, createSchema: false, servedVersion: 1}\n"


@pytest.fixture
def scoped(run: Run, tmp_path: Path) -> Callable[..., Stack]:
    """Run a stack with the scopes given, on a workspace where some are and where the endpoint has an environment."""

    def scoped(scopes: str, environment: Mapping[str, str] | None = None, there: Any = (), protect: str = "") -> Stack:
        config = f"config:\n{protect}  rollpin:secretScopes: {scopes}\n  rollpin:models:\n{ENTRY}"
        (tmp_path / "Pulumi.dev.yaml").write_text(config)
        entity = {"name": "churn-v1", "entity_name": MODEL, "entity_version": "1", "environment_vars": environment}
        routes = [{"served_entity_name": "churn-v1", "traffic_percentage": 100}]
        live = {"id": "e1", "config": {"served_entities": [entity], "traffic_config": {"routes": routes}}}
        paths = {ENDPOINT: live, SCOPES: {"scopes": [{"name": name} for name in there]}}
        return run("dev", {MODEL: [version(1)]}, project=tmp_path, host=HOST, there=paths)

    return scoped


def test_a_scope_is_made_with_an_entry_for_each_principal_and_no_secret(scoped: Callable[..., Stack]) -> None:
    made = scoped("{helpdesk: {access: {read: [serving, keepers], manage: [keepers]}}}")

    assert made.one("SecretScope").inputs == {"name": "helpdesk"}
    assert [each.inputs for each in made.of("SecretAcl")] == [
        {"scope": "helpdesk", "principal": "keepers", "permission": "MANAGE"},
        {"scope": "helpdesk", "principal": "serving", "permission": "READ"},
    ]
    assert all("helpdesk-scope" in each.after for each in made.of("SecretAcl"))
    assert made.of("Secret") == []


def test_a_scope_of_a_key_vault_names_it_and_its_address(scoped: Callable[..., Stack]) -> None:
    made = scoped(f"{{helpdesk: {{keyVault: {VAULT}}}}}")

    assert made.one("SecretScope").inputs["keyvaultMetadata"] == {
        "resourceId": VAULT,
        "dnsName": "https://kv-helpdesk.vault.azure.net/",
    }
    assert made.of("SecretAcl") == []


@pytest.mark.parametrize(("protect", "kept"), [("", True), ("  rollpin:protect: false\n", False)])
def test_a_scope_is_protected_as_whatever_holds_data(scoped: Callable[..., Stack], protect: str, kept: bool) -> None:
    scope = scoped("{helpdesk: {}}", protect=protect).one("SecretScope")

    assert (scope.protect, scope.retained) == (kept, kept)


def test_an_endpoint_waits_for_the_scopes_that_its_environment_refers_to_and_no_others(
    scoped: Callable[..., Stack],
) -> None:
    environment = {"TOKEN": "{{secrets/HelpDesk/token}}", "OTHER": "{{secrets/elsewhere/key}}", "INDEX": "docs"}

    made = scoped("{helpdesk: {access: {read: [serving]}}, unused: {}}", environment)

    (endpoint,) = made.of("ModelServing")
    assert {"helpdesk-scope", "helpdesk-acl-serving"} <= set(endpoint.after)
    assert "unused-scope" not in endpoint.after
    assert endpoint.inputs["config"]["servedEntities"][0]["environmentVars"] == environment


def test_an_endpoint_waits_for_the_scopes_that_the_stack_itself_names_for_it(run: Run, tmp_path: Path) -> None:
    variables = "environment: {TOKEN: '{{secrets/helpdesk/token}}'}, environmentOf: {1: {KEY: '{{secrets/other/key}}'}}"
    entry = ENTRY.replace("servedVersion: 1", f"servedVersion: 1, endpoint: {{{variables}}}")
    scopes = "  rollpin:secretScopes: {helpdesk: {}, other: {}, unused: {}}\n"
    (tmp_path / "Pulumi.dev.yaml").write_text(f"config:\n{scopes}  rollpin:models:\n{entry}")

    there = {
        f"/api/2.0/secrets/list?scope={scope}": {"secrets": [{"key": key}]}
        for scope, key in (("helpdesk", "token"), ("other", "key"))
    }

    made = run("dev", {MODEL: [version(1)]}, project=tmp_path, host=HOST, there=there)

    waited = {each for each in made.one("ModelServing").after if each.endswith("-scope")}
    assert waited == {"helpdesk-scope", "other-scope"}


def test_a_scope_that_is_to_be_adopted_and_is_there_is_imported(scoped: Callable[..., Stack]) -> None:
    made = scoped("{helpdesk: {adopt: true}, other: {adopt: true}}", there=["helpdesk"])

    assert {each.name: each.imported for each in made.of("SecretScope")} == {
        "helpdesk-scope": "helpdesk",
        "other-scope": "",
    }
    assert all(each.hooks["before_create"] for each in made.of("SecretScope"))


def test_a_stack_without_scopes_asks_for_none(run: Run, tmp_path: Path) -> None:
    unpinned = ENTRY.replace(", servedVersion: 1", "")
    (tmp_path / "Pulumi.dev.yaml").write_text(f"config:\n  rollpin:models:\n{unpinned}")
    made = run("dev", project=tmp_path, host=HOST)

    assert made.of("SecretScope") == []
    assert not any("secrets" in path for path in made.asked)


class Api:
    """Answers with the scopes that there are."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def get(self, path: str) -> Mapping[str, Any]:
        assert path == SCOPES
        return {"scopes": [{"name": name} for name in self.names]}


def test_a_scope_that_is_there_and_not_the_stacks_is_refused_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    claims = Claims(Commands(stack="test"), Api("other", "HelpDesk"))

    with pytest.raises(TakenError) as refused:
        claims.confirm(secret_scope("helpdesk"))

    assert "rollpin:secretScopes.helpdesk" in str(refused.value)
    assert "secret scope helpdesk, which is there and is not this stack's" in str(refused.value)
    assert "write `adopt: true` for helpdesk; to use it as it is, take it out of the file" in str(refused.value)
    claims.confirm(secret_scope("free"))
