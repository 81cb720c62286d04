"""A bootstrap of stacks whose state is in one container, as `init` writes it into Pulumi.yaml."""

from __future__ import annotations

import shutil

import pytest

VAULT = "azurekeyvault://kv-acme.vault.azure.net/keys"


@pytest.fixture
def shared(site):
    """A checkout as after `init`: the container in Pulumi.yaml, and the key in a comment of each stack's file."""
    (site.checkout / "Pulumi.yaml").write_text("name: rollpin\nbackend: {url: azblob://state?storage_account=acme}\n")
    shutil.copy(site.checkout / "Pulumi.prod.yaml", site.checkout / "Pulumi.eu.yaml")
    for stack in ("prod", "eu"):
        file = site.checkout / f"Pulumi.{stack}.yaml"
        said = f"# Once: pulumi stack init {stack} --secrets-provider='{VAULT}/{stack}' (docs/first-deploy.md)\n"
        file.write_text(said + file.read_text())
    return site


def test_stacks_that_share_a_container_share_all_that_it_is_in(shared) -> None:
    done = [shared.run("--yes", "--location", "westeurope", stack=stack) for stack in ("eu", "prod")]

    assert [each.exit_code for each in done] == [0, 0], done[0].stderr + done[1].stderr
    assert [group["name"] for group in shared.made("groups")] == ["rg-rollpin-state"]
    assert [vault["name"] for vault in shared.made("vaults")] == ["kv-acme"]
    assert list(shared.made("vaults")[0]["keys"]) == ["eu", "prod"]
    assert "It is that of classic, eu, serverless too: whoever deploys one of them can read and write" in done[1].stdout
    assert "To part them: --container NAME" in done[1].stdout
    assert f"pulumi stack init prod --secrets-provider={VAULT}/prod\n" in done[1].stdout


def test_undo_of_one_stack_gives_up_no_state_of_another(shared) -> None:
    made = shared.run("--yes")
    states = [".pulumi/stacks/rollpin/eu.json"]
    shared.change(lambda world: world["accounts"]["acme"]["containers"]["state"].update(states=states))

    undone = shared.run("--undo", "--yes", "--delete-state", "state")

    assert (made.exit_code, undone.exit_code) == (0, 0), made.output + undone.output
    assert "container state: it is kept: there are states of other stacks in it" in undone.stdout
    assert shared.azure["accounts"]["acme"]["containers"]["state"]["states"] == states
    assert shared.azure["groups"].keys() == {"rg-rollpin-state"}


def test_the_key_that_the_file_names_goes_before_the_one_that_init_says(shared) -> None:
    file = shared.checkout / "Pulumi.prod.yaml"
    file.write_text(f"secretsprovider: {VAULT}/other/0123456789abcdef\n{file.read_text()}")

    assert "# 9. key other: to make" in shared.run().stdout


def test_a_storage_account_of_a_stacks_own_is_not_that_of_all(shared) -> None:
    done = shared.run("--storage-account", "ownstate", "--container", "own")

    assert "# 3. resource group rg-rollpin-prod-state: to make" in done.stdout
    assert "One for this stack alone" in done.stdout


def test_a_directory_of_a_container_is_refused_for_its_states_would_not_be_found(shared) -> None:
    (shared.checkout / "Pulumi.yaml").write_text("backend: {url: azblob://state/models?storage_account=acme}\n")

    done = shared.run("--undo")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "in a directory of a container, models" in done.stderr
    assert done.stderr.endswith("Write into it: url: azblob://state?storage_account=acme\n")
