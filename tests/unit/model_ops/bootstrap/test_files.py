"""What Pulumi.yaml and a stack's file say of where it lives, and what a bootstrap refuses to make beside that."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from model_ops.bootstrap.files import EXAMPLE
from model_ops.template import stack_text

PROJECTS = Path(__file__).parents[3] / "stacks/projects"
BACKEND = "backend:\n  url: {}\n"
SHARED = "azblob://states?storage_account=stshared"


def add(site, file: str, text: str) -> None:
    path = site.checkout / file
    path.write_text(path.read_text() + text)


def test_a_stack_file_that_is_not_filled_in_is_refused_by_key_and_file(site) -> None:
    (site.checkout / "Pulumi.prod.yaml").write_text((PROJECTS / "Pulumi.prod.yaml").read_text())

    done = site.run("--subscription", "66666666-6666-6666-6666-666666666666")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "Pulumi.prod.yaml still has the example's" in done.stderr
    assert "rollpin:platform.adopt.host: https://adb-2222222222222222.2.azuredatabricks.net" in done.stderr
    assert "rollpin:platform.adopt.resourceId: /subscriptions/22222222-" in done.stderr
    assert "Fill in what is marked FILL IN there" in done.stderr
    assert "calls" not in site.azure


def test_an_example_that_init_wrote_is_refused_whatever_option_is_said(site) -> None:
    file = site.checkout / "Pulumi.prod.yaml"
    file.write_text(file.read_text().replace("66666666-6666-6666-6666-666666666666", stack_text.NOBODY))

    done = site.run("--subscription", "66666666-6666-6666-6666-666666666666")

    assert done.exit_code == 1
    assert f"rollpin:platform.adopt.resourceId: /subscriptions/{stack_text.NOBODY}/" in done.stderr


@pytest.mark.parametrize("name", ["test", "prod"])
def test_the_examples_of_the_files_that_come_with_it_are_known(name: str) -> None:
    settings = YAML(typ="safe").load((PROJECTS / f"Pulumi.{name}.yaml").read_text())["config"]
    adopt = settings["rollpin:platform"]["adopt"]

    assert all(EXAMPLE.search(adopt[key]) for key in ("host", "resourceId"))


def test_the_examples_that_init_writes_are_known() -> None:
    assert EXAMPLE.search(stack_text.NOBODY)
    assert EXAMPLE.search(stack_text.EXAMPLE_HOST)
    assert not EXAMPLE.search("66666666-6666-6666-6666-666666666666")


def test_a_container_of_its_own_parts_a_stack_from_the_others(site) -> None:
    add(site, "Pulumi.yaml", BACKEND.format(SHARED))

    done = site.run("--container", "prod")

    assert "# 3. resource group rg-rollpin-state: to make" in done.stdout
    assert "# 6. container prod: to make\n#    One for this stack alone" in done.stdout


def test_one_stack_alone_has_the_place_that_pulumi_names(site) -> None:
    add(site, "Pulumi.yaml", BACKEND.format(SHARED))
    for other in ("classic", "serverless"):
        (site.checkout / f"Pulumi.{other}.yaml").unlink()

    done = site.run()

    assert done.exit_code == 0
    assert "# 6. container states: to make\n#    One for this stack alone" in done.stdout


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://someone:secret@api.pulumi.com", "`backend` is https://api.pulumi.com, expected: azblob://"),
        ("file://~/states", "`backend` is file://~, expected: azblob://"),
        ("s3://bucket?region=x", "`backend` is s3://bucket, expected: azblob://"),
    ],
)
def test_a_place_of_another_kind_is_refused(site, url: str, said: str) -> None:
    add(site, "Pulumi.yaml", BACKEND.format(url))

    done = site.run()

    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("secretsprovider: passphrase\n", "encrypted by passphrase, expected: azurekeyvault://"),
        ("secretsprovider: awskms://alias/x\n", "encrypted by awskms, expected: azurekeyvault://"),
        (
            "# pulumi stack init prod --secrets-provider='awskms://x' once\n",
            "encrypted by awskms, expected: azurekeyvault",
        ),
        ("encryptionsalt: v1:x:y\n", "encrypted by passphrase, expected: azurekeyvault://"),
        ("secretsprovider: azurekeyvault://x.managedhsm.azure.net/keys/y\n", "encrypted by azurekeyvault, expected:"),
    ],
)
def test_secrets_that_are_encrypted_by_something_else_are_refused(site, line: str, said: str) -> None:
    add(site, "Pulumi.prod.yaml", line)

    done = site.run()

    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert "pulumi stack change-secrets-provider" in done.stderr


def test_the_key_of_the_stacks_file_is_the_one_that_is_made_its_version_aside(site) -> None:
    key = "azurekeyvault://kv-mine.vault.azure.net/keys/mine/0123456789abcdef0123456789abcdef"
    add(site, "Pulumi.prod.yaml", f"secretsprovider: {key}\n")

    assert "# 9. key mine: to make" in site.run().stdout
