"""`model-ops bootstrap`, typed, with an `az` that stands in for Azure's: made, made again, changed, taken back."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.documents import shown

ACTING = ("create", "delete", "update", "register", "recover", "set-attributes")
SECRET = {"keyId": "11111111-aaaa-4bbb-8ccc-222222222222", "displayName": "added by hand"}


def acted(site) -> list[str]:
    return [command for command in site.calls() if command.split()[-1] in ACTING]


def test_a_dry_run_shows_each_step_with_its_command_and_changes_nothing(site) -> None:
    done = site.run()

    assert done.exit_code == 0
    assert done.stdout.count(": to make\n") == 16
    assert acted(site) == []
    assert "Nothing is changed" in done.stderr


def test_what_a_dry_run_prints_is_a_script_that_does_the_same(site, tmp_path: Path) -> None:
    script = site.run().stdout.partition("# Left for a person")[0]

    done = subprocess.run(["bash", "-e"], input=script, text=True, capture_output=True, check=False)

    assert done.returncode != 0  # the stand-in answers in JSON alone, so `--query` gives no id
    assert site.made("groups")[0]["tags"] == {"rollpin-bootstrap": "prod"}
    assert len(site.made("apps")) == 1


def test_from_nothing_it_makes_the_state_the_key_and_two_identities_with_their_roles(made) -> None:
    (account,), (vault,) = made.made("accounts"), made.made("vaults")

    assert list(account["containers"]) == ["prod"]
    assert (account["allowSharedKeyAccess"], account["allowBlobPublicAccess"]) == (False, False)
    assert vault["properties"] == {"enableRbacAuthorization": True, "enablePurgeProtection": True}
    assert list(vault["keys"]) == ["prod"]
    assert {app["displayName"] for app in made.made("apps")} == {"rollpin-prod", "rollpin-prod-preview"}


def test_each_identity_trusts_its_github_environment_and_nothing_else(made) -> None:
    trusts = {app["displayName"]: [each["subject"] for each in app["trusts"].values()] for app in made.made("apps")}

    assert trusts == {
        "rollpin-prod": ["repo:acme/assistants:environment:prod"],
        "rollpin-prod-preview": ["repo:acme/assistants:environment:prod-preview"],
    }
    assert all(app["passwords"] == [] for app in made.made("apps"))


def test_identities_of_a_stack_that_adopts_have_roles_on_the_state_alone(made) -> None:
    roles = {(each["roleDefinitionName"], each["scope"].rsplit("/", 2)[1]) for each in made.made("roles")}

    assert roles == {
        ("Storage Blob Data Contributor", "containers"),
        ("Storage Blob Data Reader", "containers"),
        ("Key Vault Crypto User", "keys"),
    }


def test_a_second_run_does_nothing(made) -> None:
    done = made.run("--yes")

    assert done.exit_code == 0
    assert ": to make" not in done.stdout
    assert acted(made) == []


def test_a_run_that_broke_half_way_goes_on_from_there(site) -> None:
    site.change(lambda world: world.update(broken=["ad sp create"]))

    broken = site.run("--yes")
    again = site.run("--yes")

    assert broken.exit_code == 1
    assert (
        "Step 11 of 27, service principal of rollpin-prod: `az ad sp create` fails: Connection reset" in broken.stderr
    )
    assert again.exit_code == 0
    assert acted(site).count("group create") == 1
    assert len(site.made("apps")) == 2


def test_a_role_that_is_lacking_half_way_is_named_with_the_step(site) -> None:
    site.change(lambda world: world.update(refused=["role assignment create"]))

    done = site.run("--yes")

    assert done.exit_code == 1
    assert "Storage Blob Data Contributor for rollpin-prod on the container prod" in done.stderr
    assert "whoever is signed in lacks a role for it" in done.stderr
    assert "Run the same again" in done.stderr


def test_a_check_of_what_nobody_touched_finds_nothing(made) -> None:
    done = made.run("--check")

    assert (done.exit_code, done.stdout) == (0, "")
    assert acted(made) == []


def by_hand(world: dict[str, Any]) -> None:
    """What somebody may have changed in the portal."""
    (account,), apps = world["accounts"].values(), {app["displayName"]: app for app in world["apps"].values()}
    account["allowSharedKeyAccess"] = True
    apps["rollpin-prod"]["passwords"] = [SECRET]
    apps["rollpin-prod-preview"]["trusts"]["github"]["subject"] = "repo:acme/other:environment:prod-preview"
    deploys = world["principals"][apps["rollpin-prod"]["appId"]]["id"]
    world["roles"]["/owner"] = {"id": "/owner", "principalId": deploys, "roleDefinitionName": "Owner", "scope": "/"}
    reads = next(
        key for key, role in world["roles"].items() if role["roleDefinitionName"] == "Storage Blob Data Reader"
    )
    del world["roles"][reads]


def test_a_check_names_what_was_changed_by_hand_with_what_mends_it(made) -> None:
    made.change(by_hand)

    done = made.run("--check")

    assert done.exit_code == 1
    assert "allowSharedKeyAccess is true, expected: false" in done.stdout
    assert f"# secrets of rollpin-prod: there is {SECRET['keyId']}" in done.stdout
    assert "subject is repo:acme/other:environment:prod-preview, expected:" in done.stdout
    assert "# other roles of rollpin-prod: there is Owner\naz role assignment delete --ids /owner" in done.stdout
    assert "# Storage Blob Data Reader for rollpin-prod-preview on the container prod: to make" in done.stdout
    shown.confirm("a check of what was changed by hand", done.stdout + done.stderr)


def test_a_run_mends_what_differs_and_only_tells_of_what_somebody_added(made) -> None:
    made.change(by_hand)

    done = made.run("--yes")

    assert done.exit_code == 0
    assert made.made("accounts")[0]["allowSharedKeyAccess"] is False
    assert "/owner" in made.azure["roles"]
    assert "Left as it is, other roles of rollpin-prod: there is Owner" in done.stderr


def test_undo_takes_back_what_was_made_and_nothing_else(made) -> None:
    made.change(lambda world: world["groups"].update({"rg-of-others": {"name": "rg-of-others"}}))

    planned = made.run("--undo")
    before = acted(made)
    done = made.run("--undo", "--yes")

    assert (planned.exit_code, before, done.exit_code) == (0, [], 0)
    assert [kind for kind in ("accounts", "vaults", "apps", "principals", "roles") if made.made(kind)] == []
    assert [group["name"] for group in made.made("groups")] == ["rg-of-others"]
    assert acted(made)[0] == "role assignment delete"
    assert acted(made)[-1] == "group delete"


def test_a_vault_that_was_taken_back_is_recovered_by_the_next_run(made) -> None:
    made.run("--undo", "--yes")

    done = made.run("--yes")

    assert done.exit_code == 0, done.output
    assert "keyvault recover" in acted(made)
    assert "keyvault create" not in acted(made)


def test_undo_keeps_a_state_until_it_is_told_its_name(made) -> None:
    def deployed(world: dict[str, Any]) -> None:
        (account,) = world["accounts"].values()
        account["containers"]["prod"]["states"] = [".pulumi/stacks/rollpin/prod.json"]

    made.change(deployed)
    kept = made.run("--undo", "--yes")
    left = (made.made("accounts"), made.made("vaults"), made.made("groups"))
    done = made.run("--undo", "--yes", "--delete-state", "prod")

    assert (
        "there are states in it (.pulumi/stacks/rollpin/prod.json); to give them up: --delete-state prod" in kept.stdout
    )
    assert all(left)
    assert done.exit_code == 0
    assert not made.made("accounts")


def test_undo_keeps_what_somebody_else_made(made) -> None:
    made.change(lambda world: [group.update(tags={}) for group in world["groups"].values()])

    done = made.run("--undo", "--yes")

    assert "it is kept: it was made by somebody else" in done.stdout
    assert made.made("groups")


def test_without_an_azure_cli_a_dry_run_shows_the_plan_and_says_that_it_did_not_look(site, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    plan, making = site.run(), site.run("--yes")

    assert plan.exit_code == 0
    assert "There is no Azure CLI: no `az` on the PATH. Install it: https://" in plan.stderr
    assert plan.stdout.count(": not looked at") == 27
    assert (making.exit_code, making.stdout) == (1, "")
    shown.confirm("a bootstrap that nobody is signed in for", plan.stdout)
    shown.confirm("what a bootstrap leaves to a person", plan.stdout)


@pytest.mark.parametrize("words", [["--yes"], ["--check"], ["--undo"]])
def test_what_must_reach_azure_is_refused_where_nobody_is_signed_in(site, words: list[str]) -> None:
    site.change(lambda world: world.update(signed_in=False))

    done = site.run(*words)

    assert done.exit_code == 1
    assert "Sign in: az login" in done.stderr
    assert done.stdout == ""


def test_a_subscription_that_cannot_be_seen_is_named_with_what_to_type(site) -> None:
    done = site.run("--yes", "--subscription", "44444444-4444-4444-4444-444444444444")

    assert done.exit_code == 1
    assert "cannot see the subscription 44444444-4444-4444-4444-444444444444" in done.stderr
    assert "az account list" in done.stderr


def test_what_is_not_known_is_asked_for_in_one_message(site) -> None:
    subprocess.run(["git", "remote", "remove", "origin"], cwd=site.checkout, check=True)

    done = site.run("--location", "", "--subscription", "")

    assert done.exit_code == 1
    assert "the region that the state is to be in: --location westeurope" in done.stderr
    assert "--repository OWNER/NAME" in done.stderr
    assert site.calls() == []


@pytest.mark.parametrize(
    ("option", "value"),
    [("--location", "West $(id)"), ("--storage-account", "Not-One"), ("--key-vault", "k"), ("--subscription", "mine")],
)
def test_an_option_that_azure_would_refuse_is_refused_before_anything_is_asked(site, option: str, value: str) -> None:
    done = site.run(option, value)

    assert done.exit_code == 1
    assert f"{option} cannot be {value!r}. Allowed: " in done.stderr
    assert site.calls() == []


def test_for_machines_it_prints_the_steps_as_json(made) -> None:
    steps = json.loads(made.run("--json").stdout)

    assert len(steps) == 27
    assert {step["state"] for step in steps} == {"there"}
    assert all(step["purpose"] and step["commands"] == [] for step in steps)


def test_pipelines_of_azure_devops_are_trusted_by_their_service_connections(site) -> None:
    site.change(lambda world: world.update(projects={"assistants": {"id": "55555555-5555-5555-5555-555555555555"}}))

    done = site.run("--yes", "--repository", "https://dev.azure.com/acme/assistants")
    again = site.run("--check", "--repository", "https://dev.azure.com/acme/assistants")

    assert (done.exit_code, again.exit_code) == (0, 0), done.output + again.output
    connections = {each["name"]: each["authorization"]["parameters"] for each in site.made("connections")}
    trusts = [trust for app in site.made("apps") for trust in app["trusts"].values()]
    assert connections.keys() == {"rollpin-prod", "rollpin-prod-preview"}
    assert {trust["subject"] for trust in trusts} == {
        each["workloadIdentityFederationSubject"] for each in connections.values()
    }


def test_a_project_of_azure_devops_that_is_not_there_is_left_to_a_person(site) -> None:
    done = site.run("--yes", "--repository", "https://dev.azure.com/acme/assistants")

    assert done.exit_code == 1
    assert "There is no project assistants in Azure DevOps. Make the project, or name the right one" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--check", "--yes"], "--check only looks"),
        (["--json", "--yes"], "--json only shows"),
        (["--delete-state", "prod"], "--delete-state goes with --undo"),
        (["--stack", ""], "which stack? Say: make bootstrap STACK=NAME"),
    ],
)
def test_options_that_do_not_go_together_are_misuse(site, words: list[str], said: str) -> None:
    done = site.run(*words)

    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--repository", "acme/$(id)"], "--repository cannot be 'acme/$(id)'. Allowed: OWNER/NAME"),
        (["--repository", "https://dev.azure.com/acme/work", "--serving"], "--serving is for GitHub"),
    ],
)
def test_a_repository_that_cannot_deploy_it_so_is_refused(site, words: list[str], said: str) -> None:
    done = site.run(*words)

    assert done.exit_code == 1
    assert said in done.stderr


def test_a_name_in_azure_is_shown_as_it_is_and_obeyed_by_nothing(made) -> None:
    def named(world: dict[str, Any]) -> None:
        for app in world["apps"].values():
            app["trusts"]["x"] = {"name": "$(touch /tmp/x)\x1b[2J"}

    made.change(named)
    done = made.run("--check")

    assert "\x1b" not in done.stdout
    assert "--federated-credential-id '$(touch /tmp/x)\\x1b[2J'" in done.stdout


def test_who_serves_signs_in_to_databricks_alone(site) -> None:
    done = site.run("--yes", "--serving")

    apps = {app["displayName"]: app for app in site.made("apps")}
    serving = apps["rollpin-prod-serving"]["appId"]
    assert done.exit_code == 0, done.output
    assert apps["rollpin-prod-serving"]["trusts"] == {}
    assert f"DATABRICKS_CLIENT_ID --repo acme/assistants --env prod --body {serving}" in done.stdout
    assert f"AZURE_CLIENT_ID --repo acme/assistants --env prod --body {apps['rollpin-prod']['appId']}" in done.stdout
