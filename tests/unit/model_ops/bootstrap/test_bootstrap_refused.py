"""A bootstrap that cannot go on: what is lacking is named, with what to type."""

from __future__ import annotations

import subprocess

import pytest


def test_a_run_that_broke_half_way_goes_on_from_there(site) -> None:
    site.change(lambda world: world.update(broken=["ad sp create"]))

    broken = site.run("--yes")
    again = site.run("--yes")

    assert broken.exit_code == 1
    assert (
        "Step 11 of 27, service principal of rollpin-prod: `az ad sp create` fails: Connection reset" in broken.stderr
    )
    assert again.exit_code == 0
    assert site.acted().count("group create") == 1
    assert len(site.made("apps")) == 2


def test_a_role_that_is_lacking_half_way_is_named_with_the_step(site) -> None:
    site.change(lambda world: world.update(refused=["role assignment create"]))

    done = site.run("--yes")

    assert done.exit_code == 1
    assert "Storage Blob Data Contributor for rollpin-prod on the container prod" in done.stderr
    assert "whoever is signed in lacks a role for it" in done.stderr
    assert "Run the same again" in done.stderr


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


def test_nothing_is_made_while_the_cli_is_in_another_tenant_than_the_subscription(site) -> None:
    site.change(lambda world: world.update(active_tenant="55555555-5555-5555-5555-555555555555"))

    done = site.run("--yes")

    assert done.exit_code == 1
    assert "is set to the tenant 55555555-5555-5555-5555-555555555555" in done.stderr
    assert "Switch to it: az account set --subscription 66666666-6666-6666-6666-666666666666" in done.stderr
    assert site.acted() == []


def test_what_is_not_known_is_asked_for_in_one_message(site) -> None:
    subprocess.run(["git", "remote", "remove", "origin"], cwd=site.checkout, check=True)

    done = site.run("--location", "", "--subscription", "")

    assert done.exit_code == 1
    assert "the region that the state is to be in: --location westeurope" in done.stderr
    assert "--repository OWNER/NAME" in done.stderr
    assert "calls" not in site.azure


@pytest.mark.parametrize(
    ("option", "value"),
    [("--location", "West $(id)"), ("--storage-account", "Not-One"), ("--key-vault", "k"), ("--subscription", "mine")],
)
def test_an_option_that_azure_would_refuse_is_refused_before_anything_is_asked(site, option: str, value: str) -> None:
    done = site.run(option, value)

    assert done.exit_code == 1
    assert f"{option} cannot be {value!r}. Allowed: " in done.stderr
    assert "calls" not in site.azure


def test_a_project_of_azure_devops_that_is_not_there_is_left_to_a_person(site) -> None:
    done = site.run("--yes", "--repository", "https://dev.azure.com/acme/assistants")

    assert done.exit_code == 1
    assert "There is no project assistants in Azure DevOps. Make the project, or name the right one" in done.stderr


def test_a_project_of_azure_devops_that_one_may_not_see_is_not_said_to_be_absent(made) -> None:
    made.change(lambda world: world.update(refused=["rest"]))

    done = made.run("--yes", "--repository", "https://dev.azure.com/acme/assistants")

    assert done.exit_code == 1
    assert (
        "project assistants in Azure DevOps: `az rest` is refused: whoever is signed in lacks a role for it"
        in done.stderr
    )


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
