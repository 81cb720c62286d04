"""`model-ops bootstrap`, typed, with an `az` that stands in for Azure's: shown, made, and made again."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.documents import shown

ROOT = Path(__file__).parents[4]


def test_a_dry_run_shows_each_step_with_its_command_and_changes_nothing(site) -> None:
    done = site.run()

    assert done.exit_code == 0
    assert done.stdout.count(": to make\n") == 16
    assert site.acted() == []
    assert "Nothing is changed" in done.stderr


def test_from_nothing_it_makes_the_state_the_key_and_two_identities_with_their_roles(made) -> None:
    (account,), (vault,) = made.made("accounts"), made.made("vaults")

    assert list(account["containers"]) == ["prod"]
    assert (account["allowSharedKeyAccess"], account["allowBlobPublicAccess"]) == (False, False)
    assert vault["properties"] == {"enableRbacAuthorization": True, "enablePurgeProtection": True}
    assert list(vault["keys"]) == ["prod"]
    assert {app["displayName"] for app in made.made("apps")} == {"rollpin-prod", "rollpin-prod-preview"}


@pytest.mark.parametrize(
    ("words", "option"), [(["CHECK=1"], "--check"), (["UNDO=1"], "--undo"), (["CHECK=0", "UNDO=0"], ""), ([], "")]
)
def test_make_takes_a_nought_for_nothing(words: list[str], option: str) -> None:
    command = ["make", "--dry-run", "--no-print-directory", "bootstrap", "STACK=prod", *words]
    planned = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    (line,) = (line for line in planned.splitlines() if "model-ops bootstrap" in line)
    assert line.partition("--stack 'prod'")[2].strip() == option


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
    assert made.acted() == []


def test_without_an_azure_cli_a_dry_run_shows_the_plan_and_says_that_it_did_not_look(site, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    plan, making = site.run(), site.run("--yes")

    assert plan.exit_code == 0
    assert "There is no Azure CLI: no `az` on the PATH. Install it: https://" in plan.stderr
    assert plan.stdout.count(": not looked at") == 27
    assert (making.exit_code, making.stdout) == (1, "")
    shown.confirm("a bootstrap that nobody is signed in for", plan.stdout)
    shown.confirm("what a bootstrap leaves to a person", plan.stdout)


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


def test_who_serves_signs_in_to_databricks_alone(site) -> None:
    done = site.run("--yes", "--serving")

    apps = {app["displayName"]: app for app in site.made("apps")}
    serving = apps["rollpin-prod-serving"]["appId"]
    assert done.exit_code == 0, done.output
    assert apps["rollpin-prod-serving"]["trusts"] == {}
    assert f"DATABRICKS_CLIENT_ID --repo acme/assistants --env prod --body {serving}" in done.stdout
    assert f"AZURE_CLIENT_ID --repo acme/assistants --env prod --body {apps['rollpin-prod']['appId']}" in done.stdout


def test_a_stack_that_creates_its_workspace_is_told_what_its_file_says_of_the_identities(site) -> None:
    done = site.run(stack="serverless")

    lines = [line.removeprefix("#  ") for line in done.stdout.splitlines() if line.startswith("#     ")]
    said = YAML(typ="safe").load("\n".join(lines[lines.index("    identities:") :]))
    assert done.exit_code == 0
    assert said["identities"]["rollpin-serverless"] == {
        "applicationId": "$deploy_app",
        "subject": "repo:acme/assistants:environment:serverless",
    }
    assert "databricks account" not in done.stdout
