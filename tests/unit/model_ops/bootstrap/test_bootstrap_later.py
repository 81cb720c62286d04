"""What a bootstrap made, later on: checked, mended, taken back."""

from __future__ import annotations

from typing import Any

from tests.documents import shown

SECRET = {"keyId": "11111111-aaaa-4bbb-8ccc-222222222222", "displayName": "added by hand"}


def test_a_check_of_what_nobody_touched_finds_nothing(made) -> None:
    done = made.run("--check")

    assert (done.exit_code, done.stdout) == (0, "")
    assert made.acted() == []


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


def test_a_check_looks_at_an_identity_for_serving_where_there_is_one_asked_for_or_not(site) -> None:
    site.run("--yes", "--serving")

    def given(world: dict[str, Any]) -> None:
        (serving,) = [app for app in world["apps"].values() if app["displayName"].endswith("-serving")]
        serving["passwords"] = [SECRET]

    site.change(given)
    done = site.run("--check")

    assert done.exit_code == 1
    assert f"# secrets of rollpin-prod-serving: there is {SECRET['keyId']}" in done.stdout


def test_a_check_that_does_not_know_the_region_leaves_it_to_whoever_types_the_command(made) -> None:
    made.change(lambda world: world["accounts"].clear())

    done = made.run("--check", "--location", "")

    assert done.exit_code == 1
    assert ' --location "$location" ' in done.stdout
    assert done.stdout.endswith("# $location is the region of the state; or say it: --location REGION\n")
    assert "$location" not in made.run("--check").stdout


def test_a_subject_with_the_numbers_of_the_repository_is_as_good_as_one_without(made) -> None:
    def numbered(world: dict[str, Any]) -> None:
        for app in world["apps"].values():
            trust = app["trusts"]["github"]
            trust["subject"] = trust["subject"].replace("acme/assistants", "acme@12/assistants@345")

    made.change(numbered)

    assert made.run("--check").exit_code == 0
    assert made.run("--check", "--repository", "acme@12/assistants@678").exit_code == 1


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
    before = made.acted()
    done = made.run("--undo", "--yes")

    assert (planned.exit_code, before, done.exit_code) == (0, [], 0)
    assert [kind for kind in ("accounts", "vaults", "apps", "principals", "roles") if made.made(kind)] == []
    assert [group["name"] for group in made.made("groups")] == ["rg-of-others"]
    assert made.acted()[0] == "role assignment delete"
    assert made.acted()[-1] == "group delete"


def test_a_vault_that_was_taken_back_is_recovered_by_the_next_run(made) -> None:
    made.run("--undo", "--yes")

    done = made.run("--yes")

    assert done.exit_code == 0, done.output
    assert "keyvault recover" in made.acted()
    assert "keyvault create" not in made.acted()


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


def test_undo_does_not_call_it_done_where_it_could_not_look(made) -> None:
    made.change(lambda world: world.update(refused=["keyvault show"]))

    done = made.run("--undo", "--yes")

    assert done.exit_code == 1
    assert "# 14. Key Vault" in done.stdout
    assert "1 could not be looked at: why is above. Of the rest, " in done.stderr


def test_a_run_says_what_it_could_not_look_for(made) -> None:
    made.change(lambda world: world.update(refused=["ad app credential list"]))

    done = made.run("--yes")

    assert done.exit_code == 0
    assert "Left as it is, secrets of rollpin-prod: not looked at. Its command is above" in done.stderr


def test_undo_gives_up_no_state_of_another_stack(made) -> None:
    def deployed(world: dict[str, Any]) -> None:
        (account,) = world["accounts"].values()
        account["containers"]["prod"]["states"] = [f".pulumi/stacks/rollpin/{name}.json" for name in ("prod", "test")]

    made.change(deployed)
    kept = made.run("--undo", "--yes", "--delete-state", "prod")

    assert "there are states of other stacks in it (.pulumi/stacks/rollpin/test.json)" in kept.stdout
    assert "container-rm delete" not in " ".join(made.acted())
    assert made.made("vaults")


def test_undo_keeps_the_group_of_what_it_keeps(made) -> None:
    def shared(world: dict[str, Any]) -> None:
        (account,) = world["accounts"].values()
        account["containers"]["of-others"] = {"name": "of-others", "states": []}

    made.change(shared)
    done = made.run("--undo", "--yes")

    assert "it is kept: there are other containers in it (of-others)" in done.stdout
    assert "-state: it is kept: what is kept is in it (storage account strollpinprod" in done.stdout
    assert made.made("accounts")
    assert made.made("groups")


def test_undo_keeps_what_somebody_else_made(made) -> None:
    made.change(lambda world: [group.update(tags={}) for group in world["groups"].values()])

    done = made.run("--undo", "--yes")

    assert "it is kept: it was made by somebody else" in done.stdout
    assert made.made("groups")


def test_a_name_in_azure_is_shown_as_it_is_and_obeyed_by_nothing(made) -> None:
    def named(world: dict[str, Any]) -> None:
        for app in world["apps"].values():
            app["trusts"]["x"] = {"name": "$(touch /tmp/x)\x1b[2J"}

    made.change(named)
    done = made.run("--check")

    assert "\x1b" not in done.stdout
    assert "--federated-credential-id '$(touch /tmp/x)\\x1b[2J'" in done.stdout
