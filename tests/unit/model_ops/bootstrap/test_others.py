"""Things of a stack's names that somebody else made: named, not taken over unless it is said, and never taken back."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import Any

MARK = "rollpin-bootstrap=prod for github.com/acme/assistants"
THEIRS = "99999999-9999-9999-9999-999999999999"
TO_TAKE_OVER = ["az", "ad", "app", "update", "--id", THEIRS, "--set", f"notes={MARK}"]


def an_application(world: dict[str, Any]) -> None:
    """One that another team runs something by."""
    app = {"appId": THEIRS, "displayName": "rollpin-prod", "notes": "of the billing team"}
    world["apps"] = {THEIRS: {**app, "signInAudience": "AzureADMultipleOrgs", "passwords": [], "trusts": {}}}
    world["principals"] = {THEIRS: {"appId": THEIRS, "id": "their-principal", "accountEnabled": True}}
    role = {"id": "/theirs", "principalId": "their-principal", "roleDefinitionName": "Owner", "scope": "/"}
    world["roles"] = {"/theirs": role}


def test_an_application_of_somebody_else_is_refused_by_name_and_left_as_it_is(site) -> None:
    site.change(an_application)
    before = site.azure

    done = site.run("--yes")

    assert done.exit_code == 1
    assert "application rollpin-prod: it is there, and somebody else made it" in done.stderr
    assert f"notes is of the billing team, expected: {MARK}" in done.stderr
    assert "Call this stack's otherwise: --application NAME" in done.stderr
    assert shlex.join(TO_TAKE_OVER) in done.stderr.replace("\\\n    ", "")
    assert [site.azure[kind] for kind in ("apps", "principals", "roles")] == [
        before[kind] for kind in ("apps", "principals", "roles")
    ]


def test_a_script_ends_at_what_somebody_else_made(site) -> None:
    site.change(an_application)
    shown = site.run("--databricks-account", THEIRS)
    script = shown.stdout.replace("gh api", ": gh api")

    done = subprocess.run(["sh"], input=script, text=True, capture_output=True, check=False)

    assert shown.exit_code == 0
    assert "# 10. application rollpin-prod: somebody else's\n" in shown.stdout
    assert (done.returncode, done.stderr) == (1, "application rollpin-prod: somebody else made it\n")
    assert len(site.made("apps")) == 1


def test_what_is_shown_takes_it_over_on_purpose(site) -> None:
    site.change(an_application)
    subprocess.run(TO_TAKE_OVER, check=True)

    done = site.run("--yes")

    (own,) = (app for app in site.made("apps") if app["displayName"] == "rollpin-prod")
    assert done.exit_code == 0, done.output
    assert (own["appId"], own["signInAudience"], list(own["trusts"])) == (THEIRS, "AzureADMyOrg", ["github"])
    assert "Left as it is, other roles of rollpin-prod: there is Owner" in done.stderr


def test_a_check_passes_over_an_application_of_somebody_else_under_the_name_that_would_serve(made) -> None:
    theirs = {"appId": THEIRS, "displayName": "rollpin-prod-serving"}
    made.change(lambda world: world["apps"].update({THEIRS: theirs}))

    unasked, asked = made.run("--check"), made.run("--check", "--serving")

    assert (unasked.exit_code, asked.exit_code) == (0, 1)
    assert "# application rollpin-prod-serving: somebody else's\n" in asked.stdout


def test_another_name_keeps_clear_of_it(site) -> None:
    site.change(an_application)

    done = site.run("--yes", "--application", "assistants-prod")

    assert done.exit_code == 0, done.output
    assert {app["displayName"] for app in site.made("apps")} == {
        "rollpin-prod",
        "assistants-prod",
        "assistants-prod-preview",
    }
    assert site.run("--check", "--application", "assistants-prod").exit_code == 0


def test_another_of_the_same_name_beside_the_stacks_own_changes_nothing(made) -> None:
    own = {app["displayName"]: app["appId"] for app in made.made("apps")}
    made.change(lambda world: world["apps"].update({THEIRS: {"appId": THEIRS, "displayName": "rollpin-prod"}}))

    assert made.run("--check").exit_code == 0
    made.run("--undo", "--yes")
    assert [app["appId"] for app in made.made("apps")] == [THEIRS]
    assert own["rollpin-prod"] != THEIRS


def test_undo_keeps_an_application_that_somebody_else_made_and_its_roles(site) -> None:
    site.change(an_application)

    done = site.run("--undo", "--yes")

    assert f"it is kept: it was made by somebody else, for it has no notes={MARK}" in done.stdout
    assert (list(site.azure["apps"]), list(site.azure["roles"])) == ([THEIRS], ["/theirs"])


def test_undo_keeps_an_application_of_the_same_stack_of_another_repository(made) -> None:
    done = made.run("--undo", "--yes", "--repository", "acme/other")

    assert "for it has no notes=rollpin-bootstrap=prod for github.com/acme/other" in done.stdout
    assert len(made.made("apps")) == 2


def test_undo_keeps_a_service_connection_of_another_application(site) -> None:
    theirs = {"authorization": {"parameters": {"serviceprincipalid": THEIRS}}}
    connection = {"id": "1", "name": "rollpin-prod", **theirs}
    site.change(lambda world: world.update(projects={"assistants": {"id": "2"}}, connections={"1": connection}))

    done = site.run("--undo", "--yes", "--repository", "https://dev.azure.com/acme/assistants")

    assert "service connection rollpin-prod: it is kept: it was made by somebody else" in done.stdout
    assert list(site.azure["connections"]) == ["1"]


def test_undo_takes_back_the_stacks_own_service_connections(site) -> None:
    site.change(lambda world: world.update(projects={"assistants": {"id": "2"}}))
    made = site.run("--yes", "--repository", "https://dev.azure.com/acme/assistants")

    done = site.run("--undo", "--yes", "--repository", "https://acme.visualstudio.com/assistants")

    assert (made.exit_code, done.exit_code) == (0, 0), done.output
    assert [kind for kind in ("connections", "apps", "roles", "groups") if site.made(kind)] == []


def test_undo_keeps_a_container_that_somebody_else_made(made) -> None:
    made.change(lambda world: [each["containers"]["prod"].pop("metadata") for each in world["accounts"].values()])

    done = made.run("--undo", "--json")

    kept = {each["step"]: each["kept_because"] for each in json.loads(done.stdout)}
    assert "has no metadata.rollpin_bootstrap=prod" in kept["container prod"]
