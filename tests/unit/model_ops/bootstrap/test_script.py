"""What a bootstrap prints, run by a shell: with an `az` that stands in for Azure's, and programs that only say yes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ACCOUNT = "55555555-5555-5555-5555-555555555555"
DEVOPS = ("--repository", "https://dev.azure.com/acme/assistants")
KINDS = {
    "GitHub": ("prod", ()),
    "Azure DevOps": ("prod", DEVOPS),
    "serving": ("prod", ("--serving",)),
    "creating": ("classic", ()),
}
SAYS_YES = '#!/bin/sh\nprintf "%s\\n" "${0##*/} $*" >> "$CALLS"\necho "{\\"id\\": 42}"\n'
READS = '#!/bin/sh\nread -r answer || exit 4\necho "$answer" | tr -dc 0-9\n'


@pytest.fixture
def calls(site, tmp_path: Path, monkeypatch) -> Path:
    """Where the other programs say how they were called."""
    for program, text in {"gh": SAYS_YES, "databricks": SAYS_YES, "pulumi": SAYS_YES, "jq": READS}.items():
        path = tmp_path / "bin" / program
        path.write_text(text)
        path.chmod(0o755)
    made_by_hand = {"assistants": {"id": "55555555-5555-5555-5555-555555555556"}}
    site.change(lambda world: world.update(projects=made_by_hand))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    return tmp_path / "calls"


def printed(site, stack: str, *words: str, signed_in: bool) -> str:
    site.change(lambda world: world.update(signed_in=signed_in))
    done = site.run(*words, stack=stack)
    site.change(lambda world: world.update(signed_in=True, calls=[]))
    assert done.exit_code == 0, done.output
    return done.stdout


def run(script: str, *shell: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(shell, input=script, text=True, capture_output=True, check=False, env=environment)


@pytest.mark.parametrize("kind", KINDS)
def test_the_script_makes_all_of_it_with_every_variable_set(site, calls: Path, kind: str) -> None:
    stack, words = KINDS[kind]

    done = run(printed(site, stack, *words, signed_in=False), "bash", "-eu", databricks_account_id=ACCOUNT)
    check = site.run("--check", *words, stack=stack)

    assert (done.returncode, check.exit_code) == (0, 0), done.stderr + check.output
    told = calls.read_text().splitlines()
    assert told[-1].startswith(f"pulumi stack init {stack} ")
    assert not [line for line in told if "$" in line or " None" in line or '""' in line]


@pytest.mark.parametrize("words", [(), DEVOPS], ids=["GitHub", "Azure DevOps"])
def test_the_script_of_who_is_signed_in_needs_no_more_than_a_posix_shell(site, calls: Path, words) -> None:
    script = printed(site, "prod", *words, "--databricks-account", ACCOUNT, signed_in=True)

    done = run(script, "sh")
    check = site.run("--check", *words)

    assert (done.returncode, check.exit_code) == (0, 0), done.stderr + check.output
    assert ("federation-policy create 42 " in calls.read_text()) is (words == ())
    assert site.made("groups")[0]["tags"] == {"rollpin-bootstrap": "prod"}


def test_the_script_ends_at_once_where_azure_fails(site, calls: Path) -> None:
    script = printed(site, "prod", "--databricks-account", ACCOUNT, signed_in=False)
    site.change(lambda world: world.update(refused=["group create"]))

    done = run(script, "sh")

    assert done.returncode != 0
    assert site.acted()[-1] == "group create"
    assert "databricks" not in calls.read_text()


def test_the_script_ends_where_databricks_gives_no_id(site, calls: Path, tmp_path: Path) -> None:
    (tmp_path / "bin/databricks").write_text("#!/bin/sh\nexit 1\n")
    script = printed(site, "prod", "--databricks-account", ACCOUNT, signed_in=False)

    assert run(script, "sh").returncode != 0
    assert "variable set" not in calls.read_text()


def test_the_script_asks_for_what_nobody_set_before_it_does_anything(site, calls: Path) -> None:
    done = run(printed(site, "prod", signed_in=False), "sh")

    assert done.returncode != 0
    assert "databricks_account_id: the id of the Databricks account" in done.stderr
    assert (site.acted(), calls.exists()) == ([], False)


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_subscriptions_name_may_hold_what_json_and_a_shell_obey(site, calls: Path, *, signed_in: bool) -> None:
    name = 'The "big" \\one: $(touch x) `id`'
    site.change(lambda world: world.update(subscription_name=name))

    done = run(printed(site, "prod", *DEVOPS, signed_in=signed_in), "sh")

    assert done.returncode == 0, done.stderr
    assert {each["data"]["subscriptionName"] for each in site.made("connections")} == {name}


def test_nothing_is_said_of_the_databricks_account_where_nothing_uses_it(site) -> None:
    assert "databricks_account_id" not in site.run(*DEVOPS).stdout


def test_the_environments_are_made_before_anything_is_trusted(site) -> None:
    script = site.run().stdout

    assert script.index("environments/prod/deployment-branch-policies") < script.index("# 1. ")
    assert "environments" not in site.run(*DEVOPS).stdout.partition("# 1. ")[0]
