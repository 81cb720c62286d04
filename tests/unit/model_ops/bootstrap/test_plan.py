"""The plan of a bootstrap: pure, of what is known alone."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from infra import naming
from model_ops.bootstrap import repository
from model_ops.bootstrap.command import Command
from model_ops.bootstrap.facts import Facts
from model_ops.bootstrap.gathering import SHAPES
from model_ops.bootstrap.plan import steps
from model_ops.bootstrap.repository import AzureDevOpsProject, GitHubRepository
from model_ops.bootstrap.role_steps import condition, roles
from model_ops.bootstrap.step import AnyStep, Ban, Step

OPTIONS = json.loads(Path(__file__).with_name("az_options.json").read_text())
SUBSCRIPTION = "22222222-2222-2222-2222-222222222222"
HOMES = (GitHubRepository("acme/assistants"), AzureDevOpsProject("acme", "assistants"))


def facts(home: repository.Repository = HOMES[0], **more) -> Facts:
    said = {"stack": "prod", "project": "rollpin", "subscription": SUBSCRIPTION, "location": "westeurope"}
    return Facts(**{**said, **more}, repository=home)


def commands(step: AnyStep) -> list[Command]:
    if isinstance(step, Ban):
        return [step.look.command, step.mend]
    held = [holding.look.command for holding in step.holding]
    return [step.look.command, step.do, *step.mend, *held, *filter(None, (step.undo, step.claim))]


@pytest.mark.parametrize("home", HOMES, ids=str)
@pytest.mark.parametrize("creates", [False, True])
def test_every_command_exists_with_its_options_in_the_azure_cli(home, creates: bool) -> None:
    planned = steps(facts(home, creates=creates, serving=True, providers=("Microsoft.Databricks",)))
    typed = [command.words for step in planned for command in commands(step)]

    for words in typed:
        first = next(index for index, word in enumerate(words) if word.startswith("-"))
        allowed = {*OPTIONS[" ".join(words[:first])], "--subscription"}
        assert {word for word in words if word.startswith("--")} <= allowed | {"--url"}, words


@pytest.mark.parametrize("home", HOMES, ids=str)
def test_every_reference_is_given_by_a_step_before_it(home) -> None:
    known = {"tenant": "", "subscription_name": ""}

    for step in steps(facts(home, serving=True)):
        assert step.look.command.lacks(known) == (), step.label
        if isinstance(step, Step):
            assert step.do.lacks(known) == (), step.label
            known |= dict.fromkeys(step.gives, "")


def test_no_command_makes_or_reads_a_secret() -> None:
    words = [word for step in steps(facts()) for command in commands(step) for word in command.words]

    assert not [word for word in words if "password" in word or word in ("reset", "--append", "list-keys", "keys")]


def test_who_deploys_a_stack_that_adopts_has_no_right_on_the_platform() -> None:
    scopes = [role.scope for identity in ("deploy", "preview") for role in roles(facts(), identity)]

    assert len(scopes) == 4
    assert all("/resourceGroups/rg-rollpin-prod-state/" in scope for scope in scopes)


def test_who_deploys_a_stack_that_creates_can_give_one_role_alone() -> None:
    held = {role.name: role for role in roles(facts(creates=True), "deploy")}

    assert held.keys() >= {"Contributor", "User Access Administrator"}
    assert (
        "ForAnyOfAnyValues:GuidEquals {ba92f5b4-2d11-453d-a403-e96b0029c9fe}"
        in held["User Access Administrator"].condition
    )
    assert "does not limit on what, nor to whom" in held["User Access Administrator"].purpose
    assert [role.name for role in roles(facts(creates=True), "preview")][-1] == "Reader"


def test_who_deploys_can_give_the_roles_that_the_program_gives() -> None:
    held = {role.name: role for role in roles(facts(creates=True, own_keys=True), "deploy")}
    given = held["User Access Administrator"].condition

    assert given.count(f"{{{naming.BLOB_DATA_CONTRIBUTOR}, {naming.KEY_USER}}}") == 2
    assert naming.KEY_USER not in condition((naming.BLOB_DATA_CONTRIBUTOR,))


def test_who_uses_the_key_is_not_said_to_be_unable_to_change_it() -> None:
    said = [role.purpose for each in ("deploy", "preview") for role in roles(facts(), each) if "Crypto" in role.name]

    assert len(said) == 2
    # Its data actions have keys/update: https://learn.microsoft.com/azure/key-vault/general/rbac-guide
    assert all("cannot read the private key" in words and "disable it" in words for words in said)


def test_who_serves_has_no_role_in_azure() -> None:
    assert list(roles(facts(serving=True), "serving")) == []


def test_names_are_the_same_at_each_run_and_fit_azure() -> None:
    long = facts(stack="Prod.of.a_very-long_stack-name")
    other = facts(subscription=SUBSCRIPTION.replace("2222-2222", "3333-3333"))

    assert (long.storage, long.key_vault) == (facts(stack=long.stack).storage, facts(stack=long.stack).key_vault)
    assert other.storage != facts().storage
    assert SHAPES["account"][0].fullmatch(long.storage)
    assert SHAPES["vault"][0].fullmatch(long.key_vault)
    assert all(SHAPES["container"][0].fullmatch(facts(stack=name).states) for name in (long.stack, "a", "x_y"))


@pytest.mark.parametrize(
    ("remote", "home"),
    [
        ("https://github.com/acme/assistants.git", GitHubRepository("acme/assistants")),
        ("git@github.com:acme/assistants.git", GitHubRepository("acme/assistants")),
        ("acme@12/assistants@345", GitHubRepository("acme@12/assistants@345")),
        ("https://acme@dev.azure.com/acme/my%20work/_git/models", AzureDevOpsProject("acme", "my work")),
        ("git@ssh.dev.azure.com:v3/acme/work/models", AzureDevOpsProject("acme", "work")),
        ("https://acme.visualstudio.com/work/_git/models", AzureDevOpsProject("acme", "work")),
        ("https://acme.visualstudio.com/work", AzureDevOpsProject("acme", "work")),
        ("https://acme.visualstudio.com/DefaultCollection/my%20work/", AzureDevOpsProject("acme", "my work")),
        ("https://gitlab.example/acme/assistants", None),
        ("acme@12/assistants", None),
        ("acme/$(id)", None),
    ],
)
def test_a_remote_says_who_deploys(remote: str, home: repository.Repository | None) -> None:
    assert repository.read(remote) == home


def test_a_repository_with_numbers_is_trusted_by_them() -> None:
    planned = steps(facts(GitHubRepository("acme@12/assistants@345")))
    subjects = [step.expected["subject"] for step in planned if isinstance(step, Step) and "subject" in step.expected]

    assert subjects == [f"repo:acme@12/assistants@345:environment:{name}" for name in ("prod", "prod-preview")]


def test_a_shell_reads_a_command_as_it_is_run() -> None:
    command = Command.of("ad app update", id="$deploy_app", set='it\'s {"a": "`b` $deploy_app"}')
    known = {"deploy_app": "1111"}

    assert shlex.split(command.typed(known).replace("\\\n", "")) == ["az", *command.filled(known)]
    assert Command.of("x", name="$(id) ${x} $deploy_app").typed({}) == 'az x --name "\\$(id) \\${x} $deploy_app"'
    assert command.typed({}).endswith('"it\'s {\\"a\\": \\"\\`b\\` $deploy_app\\"}"')


def test_a_shell_obeys_nothing_that_the_name_of_a_subscription_says() -> None:
    body = Command.of("rest", body='{"subscription": "$subscription_name", "project": "$devops_project"}')
    typed = body.typed({"subscription_name": "Pay $(echo obeyed) $tenant `id`"})

    shell = f'az() {{ printf %s "$3"; }}; tenant=t; devops_project=p; {typed}'
    said = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == {"subscription": "Pay $(echo obeyed) $tenant `id`", "project": "p"}


def test_what_a_thing_in_azure_says_of_itself_is_no_reference() -> None:
    listed = Command.of("ad app credential delete", id="$deploy_app", key_id="$found_keyid")
    deleted = listed.of_thing({"found_keyid": "$tenant"})

    assert deleted.filled({"deploy_app": "1", "tenant": "t"})[-3:] == ("1", "--key-id", "$tenant")
    assert deleted.typed({"deploy_app": "1", "tenant": "t"}).endswith("--id 1 --key-id '$tenant'")
