"""Every scope, key and permission that is missing, by what a workspace tells of them; a value is never asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from model_ops.checks.report import Check
from model_ops.checks.secrets_check import check_secrets, live_environment
from model_ops.commands import Commands
from model_ops.deployed import DeployedStack
from model_ops.errors import AbsentError, WorkspaceError
from model_ops.target import Target, TargetModel
from tests.documents import shown

NAME = "prod.rag.bot"
CREATOR = "11111111-1111-1111-1111-111111111111"
SECRETS = "/api/2.0/secrets"
BOT = TargetModel(
    name="bot",
    full_name=NAME,
    endpoint_name="bot",
    endpoint_url=None,
    pinned_version=7,
    warm_versions=(),
    canary=None,
    run_id=None,
    experiment_name="/Shared/bot",
)


def entity(version: int, **variables: str) -> dict[str, Any]:
    return {
        "name": f"bot-v{version}",
        "entity_name": NAME,
        "entity_version": str(version),
        "environment_vars": variables,
    }


def endpoint(*entities: Mapping[str, Any], side: str = "config") -> dict[str, Any]:
    """An endpoint whose first entity has all the traffic."""
    routes = [{"served_entity_name": entities[0]["name"], "traffic_percentage": 100}]
    return {"creator": CREATOR, side: {"served_entities": entities, "traffic_config": {"routes": routes}}}


class Workspace:
    """A workspace with one endpoint and some scopes, at the seam where its API is asked; an error answers in place."""

    def __init__(self, live: Mapping[str, Any] | None = None) -> None:
        self.live = live if live is not None else endpoint(entity(7, TOKEN="{{secrets/helpdesk/token}}", INDEX="docs"))
        self.scopes: list[dict[str, Any]] = [{"name": "helpdesk", "backend_type": "DATABRICKS"}]
        self.keys: Any = ["token"]
        self.acl: Any = [CREATOR]
        self.groups = ["serving"]
        self.asked: list[str] = []

    def endpoint(self, name: str) -> Mapping[str, Any] | None:
        return self.live or None

    def me(self) -> str:
        return "me@example.com"

    def ask(self, path: str, query: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        self.asked.append(path)
        if path == f"{SECRETS}/scopes/list":
            return {"scopes": self.scopes}
        if path == f"{SECRETS}/list":
            return {"secrets": [{"key": key} for key in _given(self.keys)]}
        if path == f"{SECRETS}/acls/list":
            return {"items": [{"principal": who, "permission": "READ"} for who in _given(self.acl)]}
        if path.endswith("/ServicePrincipals"):
            return {"Resources": [{"groups": [{"display": group} for group in self.groups]}]}
        raise AbsentError(path)


def _given(answer: Any) -> Any:
    if isinstance(answer, Exception):
        raise answer
    return answer


def checked(workspace: Workspace, number: int = 7, *, file: Path = Path("/nowhere/Pulumi.prod.yaml")) -> Check | None:
    target = Target(stack="prod", workspace_url="https://x", models={"bot": BOT})
    commands = Commands(stack="prod")
    stack = DeployedStack(target=target, workspace=cast("Any", workspace), file=file, commands=commands)
    return check_secrets(stack, BOT, number)


def found(workspace: Workspace) -> Check:
    check = checked(workspace)
    assert check is not None
    return check


def test_what_is_there_and_may_be_read_passes_without_a_value_being_asked_for() -> None:
    workspace = Workspace()
    check = found(workspace)

    assert (check.name, check.outcome) == ("secrets", "passed")
    assert check.found == f"helpdesk/token: there, and {CREATOR} may read them"
    assert [path for path in workspace.asked if path.endswith("/get")] == []


@pytest.mark.parametrize("live", [{}, endpoint(entity(7)), endpoint(entity(7, INDEX="docs"))])
def test_without_a_reference_there_is_nothing_to_check(live: Mapping[str, Any]) -> None:
    workspace = Workspace(live)

    assert checked(workspace) is None
    assert workspace.asked == []


def test_every_missing_scope_key_and_permission_is_named_with_what_mends_it() -> None:
    references = {"A": "{{secrets/helpdesk/token}}", "B": "{{secrets/helpdesk/other}}", "C": "{{secrets/gone/key}}"}
    workspace = Workspace(endpoint(entity(7, **references)))
    workspace.keys, workspace.acl = ["token"], ["somebody@example.com"]
    check = found(workspace)

    assert check.outcome == "failed"
    for part in (
        "secret scope gone does not exist",
        "gone has no key key",
        "scope helpdesk has no key other",
        f"{CREATOR}, who serves, lacks READ on scope helpdesk",
    ):
        assert part in check.found
    for part in (
        "databricks secrets create-scope gone",
        "databricks secrets put-secret gone key",
        "databricks secrets put-secret helpdesk other",
        f"databricks secrets put-acl helpdesk {CREATOR} READ",
    ):
        assert part in str(check.mend)
    assert "token" not in check.found


@pytest.mark.parametrize("holder", [CREATOR, "serving", "users"])
def test_a_permission_is_held_by_name_by_group_or_by_all(holder: str) -> None:
    workspace = Workspace()
    workspace.acl = [holder]

    assert found(workspace).outcome == "passed"


def test_case_tells_no_scopes_apart() -> None:
    workspace = Workspace()
    workspace.scopes = [{"name": "HelpDesk", "backend_type": "DATABRICKS"}]

    assert found(workspace).outcome == "passed"


def test_a_key_of_a_vault_is_put_in_azure() -> None:
    workspace = Workspace()
    vault = {"dns_name": "https://kv-helpdesk.vault.azure.net/", "resource_id": "/subscriptions/x"}
    workspace.scopes = [{"name": "helpdesk", "backend_type": "AZURE_KEYVAULT", "keyvault_metadata": vault}]
    workspace.keys = []

    assert found(workspace).mend == "az keyvault secret set --vault-name kv-helpdesk --name token --file FILE"


@pytest.mark.parametrize(
    ("part", "words"),
    [("keys", "which keys scope helpdesk has cannot be read from here"), ("acl", "who may read scope helpdesk cannot")],
)
def test_what_may_not_be_seen_is_not_told_and_refuses_nothing(part: str, words: str) -> None:
    workspace = Workspace()
    setattr(workspace, part, WorkspaceError("https://x refuses it"))
    check = found(workspace)

    assert (check.outcome, check.mend) == ("unknown", None)
    assert words in check.found


def test_a_version_that_is_not_deployed_takes_over_what_serves() -> None:
    live = endpoint(entity(7, A="7"), entity(6, A="6"))
    first = endpoint(entity(5, A="5"), side="pending_config")

    assert [live_environment(live, NAME, number) for number in (6, 7, 8)] == [{"A": "6"}, {"A": "7"}, {"A": "7"}]
    assert live_environment(first, NAME, 5) == {"A": "5"}
    assert live_environment({}, NAME, 7) == {}


def test_what_the_stacks_file_says_goes_before_what_the_endpoint_has(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    variables = "environment: {A: '{{secrets/helpdesk/one}}'}, environmentOf: {7: {B: '{{secrets/helpdesk/two}}'}}"
    file.write_text(f"config:\n  rollpin:models:\n    bot: {{endpoint: {{{variables}}}}}\n")

    seven, six = checked(Workspace(), file=file), checked(Workspace(), 6, file=file)

    assert seven is not None
    assert seven.found == "scope helpdesk has no key one; scope helpdesk has no key two"
    assert six is not None
    assert six.found == "scope helpdesk has no key one"


@pytest.mark.parametrize("text", ["config: {}", "config:\n  rollpin:models: {bot: {endpoint: {name: b}}}", "a: [", ""])
def test_a_file_that_says_nothing_of_variables_leaves_those_of_the_endpoint(tmp_path: Path, text: str) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(text)

    check = checked(Workspace(), file=file)

    assert check is not None
    assert check.found.startswith("helpdesk/token: there")


def test_a_page_shows_how_a_missing_key_and_permission_are_told() -> None:
    workspace = Workspace()
    workspace.keys, workspace.acl = [], ["somebody@example.com"]
    what, mend = found(workspace).lines

    shown.confirm("a secret that is not there", f"FAILED    secrets: {what}\n{mend}")
