"""The identities of workflows, in the account and in the workspace that a stack creates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from tests.stacks.directory import ACCOUNT, GROUPS_THERE, group, listed
from tests.stacks.recorded import Registered, Stack

PROJECT = Path(__file__).parent / "projects"
APPLICATION = "77777777-7777-7777-7777-777777777777"
KINDS = ("ServicePrincipal", "MwsPermissionAssignment", "ServicePrincipalFederationPolicy")

Run = Callable[..., Stack]


@pytest.fixture(scope="module")
def made(run_once: Run) -> Stack:
    return run_once("serverless", project=PROJECT)


def test_the_account_is_told_of_the_application_and_makes_none_of_its_own(made: Stack) -> None:
    inputs = made.one("ServicePrincipal").inputs

    assert inputs == {"applicationId": APPLICATION, "displayName": "rollpin-serverless", "force": True}


def test_it_gets_into_the_new_workspace_as_a_user(made: Stack) -> None:
    inputs = made.one("MwsPermissionAssignment").inputs

    assert inputs == {"permissions": ["USER"], "principalId": "7001", "workspaceId": "3333333333333333"}


def test_databricks_takes_the_word_of_one_job_for_it(made: Stack) -> None:
    inputs = made.one("ServicePrincipalFederationPolicy").inputs

    assert inputs["servicePrincipalId"] == 7001
    assert inputs["oidcPolicy"] == {
        "issuer": "https://token.actions.githubusercontent.com",
        "audiences": ["55555555-5555-5555-5555-555555555555"],
        "subject": "repo:acme/assistants:environment:serverless",
    }


def test_an_identity_is_kept_and_no_secret_of_it_is_made(made: Stack) -> None:
    assert made.one("ServicePrincipal").protect
    assert made.one("ServicePrincipal").retained
    assert not [each for each in made.custom if "Secret" in each.type or "Token" in each.type]


def test_a_stack_that_is_thrown_away_leaves_the_account_the_identity_and_takes_its_ways_in(
    run: Run, tmp_path: Path
) -> None:
    file = (PROJECT / "Pulumi.serverless.yaml").read_text()
    (tmp_path / "Pulumi.serverless.yaml").write_text(file.replace("config:\n", "config:\n  rollpin:protect: false\n"))

    made = run("serverless", project=tmp_path)
    kept = {kind: (made.one(kind).protect, made.one(kind).retained) for kind in KINDS}
    assert kept == {kind: (False, kind == "ServicePrincipal") for kind in KINDS}


def provider_of(resource: Registered) -> str:
    return resource.provider.rpartition("::")[0].rpartition("::")[2]


@pytest.mark.parametrize("kind", KINDS)
def test_all_of_it_is_made_in_the_account(made: Stack, kind: str) -> None:
    assert provider_of(made.one(kind)) == "account"


def test_a_stack_that_names_no_identity_makes_none(run: Run) -> None:
    assert [each for kind in KINDS for each in run("classic", project=PROJECT).of(kind)] == []


GROUPS = """\
      groups:
        askers: {objectId: 66666666-7777-8888-9999-000000000000}
        engineers: {objectId: 66666666-7777-8888-9999-000000000001, admin: true}
"""


@pytest.fixture
def peopled(run: Run, tmp_path: Path) -> Stack:
    """The stack with two groups."""
    file = (PROJECT / "Pulumi.serverless.yaml").read_text()
    assert file.count("      identities:\n") == 1
    (tmp_path / "Pulumi.serverless.yaml").write_text(
        file.replace("      identities:\n", f"{GROUPS}      identities:\n")
    )
    return run("serverless", project=tmp_path)


def test_a_group_is_known_by_its_id_in_entra_and_gets_in_as_the_file_says(peopled: Stack) -> None:
    groups = {each.inputs["displayName"]: each for each in peopled.of("Group")}
    ways_in = {each.name: each.inputs["permissions"] for each in peopled.of("MwsPermissionAssignment")}

    assert {name: each.inputs["externalId"][-1] for name, each in groups.items()} == {"askers": "0", "engineers": "1"}
    assert (ways_in["askers-assignment"], ways_in["engineers-assignment"]) == (["USER"], ["ADMIN"])
    assert all(each.protect and each.retained and provider_of(each) == "account" for each in groups.values())


def test_who_is_let_in_by_the_stack_itself_need_not_be_there_before(run: Run, tmp_path: Path) -> None:
    file = (PROJECT / "Pulumi.serverless.yaml").read_text()
    model = "  rollpin:models:\n    bot: {catalog: main, schema: bots, access: {query: [askers, strangers]}}\n"
    settings = file.partition("  rollpin:models:")[0] + model
    (tmp_path / "Pulumi.serverless.yaml").write_text(
        settings.replace("      identities:\n", f"{GROUPS}      identities:\n")
    )
    there = {
        group("users"): listed("users"),
        group("strangers"): listed(),
        group("strangers", ACCOUNT): listed(),
        GROUPS_THERE: listed("users"),
    }

    with pytest.raises(pulumi.RunError) as refused:
        run("serverless", project=tmp_path, host="https://adb-3333333333333333.3.azuredatabricks.net", there=there)
    assert "`strangers`, a group that" in str(refused.value)
    assert "askers" not in str(refused.value)
