"""`model-ops init` in a small Rollpin: what it writes, keeps, takes out and refuses."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from infra.settings.load import load
from model_ops.cli import main

FILES = {
    "Pulumi.yaml": "name: rollpin\nmain: infra/\noptions:\n  refresh: always\n",
    "Makefile": "all: ## All\n\ttrue\n\n# <example>\ndemo: ## Demo\n\ttrue\n\n# </example>\nlint: ## Lint\n\ttrue\n",
    "pyproject.toml": '[x]\npackages = ["engine", "examples", "infra", "rehearsal"]\n"examples.chatbot" = ["*"]\n',
    "README.md": "# Rollpin\n\n<!-- template -->\nA template.\n<!-- /template -->\n\nMore: `make demo`.\n\nEnd.\n",
    "infra/program.py": "",
    "examples/chat.py": "",
    "tests/unit/test_chat.py": "from examples import chat\n",
    "tests/unit/test_other.py": "import json\n",
}
IDENTITY = {
    "GIT_AUTHOR_NAME": "An Author",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "A Committer",
    "GIT_COMMITTER_EMAIL": "committer@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, env={**os.environ, **IDENTITY}, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    directory = tmp_path / "acme-models"
    for name, text in FILES.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    git(directory, "init", "--quiet", "--initial-branch=main")
    commit(directory)
    return directory


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=some")


def init(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["init", "--project", str(root), *words], catch_exceptions=False)


def test_without_yes_it_shows_what_it_would_do_and_does_nothing(root: Path) -> None:
    done = init(root)

    assert (done.exit_code, git(root, "status", "--porcelain")) == (0, "")
    assert "  add     Pulumi.prod.yaml" in done.stdout
    assert "Nothing is changed. To write it: the same with --yes" in done.stderr


def test_it_writes_a_file_for_each_stack_in_their_order_and_stages_all_of_it(root: Path) -> None:
    assert init(root, "--stack", "dev, staging", "--stack", "live", "--yes").exit_code == 0

    after = {name: (root / f"Pulumi.{name}.yaml").read_text() for name in ("local", "dev", "staging", "live")}
    assert [name for name, text in after.items() if "rollpin:after:" in text] == ["staging", "live"]
    assert "rollpin:after: staging " in after["live"]
    assert "catalog: local" in after["local"]
    assert git(root, "diff", "--name-only") == git(root, "ls-files", "--others") == ""


def test_a_stack_with_dots_in_its_name_has_a_catalog_without(root: Path) -> None:
    assert init(root, "--stack", "Prod.EU-1", "--model", "{stack}.serving.churn", "--yes").exit_code == 0
    assert "    catalog: prod_eu-1\n" in (root / "Pulumi.Prod.EU-1.yaml").read_text()


def test_the_projects_name_is_free_and_the_settings_namespace_stays(root: Path) -> None:
    init(root, "--name", "assistants", "--state", "directory", "--directory", "/srv/state", "--yes")

    text = (root / "Pulumi.yaml").read_text()
    assert text.startswith("name: assistants\nmain: infra/\n")
    assert text.endswith("backend:\n  url: file:///srv/state\n")
    assert "  rollpin:models:" in (root / "Pulumi.prod.yaml").read_text()


def test_the_state_in_azure_names_its_key_for_each_stack(root: Path) -> None:
    init(root, "--storage-account", "acmestate", "--key-vault", "kv-acme", "--yes")

    assert "url: azblob://state?storage_account=acmestate" in (root / "Pulumi.yaml").read_text()
    key = "pulumi stack init prod --secrets-provider='azurekeyvault://kv-acme.vault.azure.net/keys/prod'"
    assert key in (root / "Pulumi.prod.yaml").read_text()


def test_a_platform_that_is_created_has_its_region_and_one_that_exists_its_address(root: Path) -> None:
    host = "https://adb-5.5.azuredatabricks.net"
    init(root, "--platform", "prod=create", "--region", "prod=northeurope", "--host", f"test={host}", "--yes")

    prod, test = ((root / f"Pulumi.{name}.yaml").read_text() for name in ("prod", "test"))
    assert "location: northeurope" in prod
    assert "createCatalog: true" in prod
    assert "compute: serverless" in prod
    assert "accountId: 11111111-1111-1111-1111-111111111111        # FILL IN" in prod
    assert f"host: {host}" in test


def test_a_platform_apart_is_a_stack_of_its_own_ahead_of_the_one_that_serves_from_it(root: Path) -> None:
    init(root, "--platform", "prod=apart", "--owner", "@acme/ml", "--owner", "prod-platform=@acme/azure", "--yes")

    platform, prod = ((root / f"Pulumi.{name}.yaml").read_text() for name in ("prod-platform", "prod"))
    assert "  rollpin:models: {}\n  rollpin:catalogs:\n    prod:\n      schemas:\n        serving:\n" in platform
    assert "rollpin:after: test " in platform
    assert "rollpin:after: prod-platform " in prod
    assert "    createSchema: false " in prod
    assert "      reach: false " in prod
    assert "resourceGroups/rg-rollpin-prod-platform/" in prod
    owners = (root / ".github/CODEOWNERS").read_text().splitlines()
    assert owners[-1].split() == ["/Pulumi.prod-platform.yaml", "@acme/azure"]
    assert "`test`, `prod-platform`, `prod`" in (root / "README.md").read_text()


@pytest.mark.parametrize("stack", ["prod-platform", "prod"])
def test_the_program_takes_the_files_of_a_platform_apart(root: Path, stack: str) -> None:
    init(root, "--platform", "prod=apart", "--yes")

    settings = load(root / f"Pulumi.{stack}.yaml", stack)
    assert bool(settings.catalogs) == (stack == "prod-platform")
    assert all(not model.create_schema and not model.access.reach for model in settings.models.values())


def test_the_last_line_of_codeowners_that_fits_is_the_stacks_own(root: Path) -> None:
    init(root, "--owner", "@acme/ml", "--owner", "@acme/sre", "--owner", "prod=@acme/on-call", "--yes")

    lines = (root / ".github/CODEOWNERS").read_text().splitlines()
    assert lines[-1].split() == ["/Pulumi.prod.yaml", "@acme/on-call"]
    assert ["/.github/", "@acme/ml", "@acme/sre"] in [line.split() for line in lines]


def test_nobody_owns_anything_unless_it_is_said(root: Path) -> None:
    init(root, "--yes")
    assert not (root / ".github/CODEOWNERS").exists()


def test_without_the_example_goes_what_leans_on_it_and_nothing_else(root: Path) -> None:
    init(root, "--without-example", "--yes")

    assert not (root / "examples").exists()
    assert sorted(path.name for path in root.rglob("test_*.py")) == ["test_other.py"]
    assert (root / "Makefile").read_text() == "all: ## All\n\ttrue\n\nlint: ## Lint\n\ttrue\n"
    assert (root / "pyproject.toml").read_text() == '[x]\npackages = ["engine", "infra"]\n'
    assert "demo" not in (root / "README.md").read_text()
    assert (root / "README.md").read_text().endswith("\nEnd.\n")


def test_with_the_example_the_local_stack_serves_it_too(root: Path) -> None:
    init(root, "--yes")

    assert (root / "examples/chat.py").exists()
    assert "dbdemos_advanced_chatbot_model:" in (root / "Pulumi.local.yaml").read_text()
    assert "dbdemos" not in (root / "Pulumi.prod.yaml").read_text()


def test_a_second_run_remembers_and_changes_nothing(root: Path) -> None:
    init(root, "--name", "acme", "--stack", "only", "--owner", "@acme/ml", "--without-example", "--yes")
    commit(root)

    done = init(root, "--yes")

    assert (done.exit_code, done.stdout) == (0, "")
    assert git(root, "status", "--porcelain") == ""


def test_a_stack_that_is_no_longer_named_goes_and_one_that_somebody_edited_is_kept(root: Path) -> None:
    init(root, "--yes")
    (root / "Pulumi.prod.yaml").write_text((root / "Pulumi.prod.yaml").read_text() + "# ours\n")
    commit(root)

    done = init(root, "--stack", "staging", "--yes")

    assert not (root / "Pulumi.test.yaml").exists()
    assert (root / "Pulumi.prod.yaml").read_text().endswith("# ours\n")
    assert "Pulumi.prod.yaml is kept: somebody edited it. To write it anew: --overwrite" in done.stderr


def test_an_edited_stack_file_is_written_anew_only_if_told_to(root: Path) -> None:
    init(root, "--yes")
    before = (root / "Pulumi.prod.yaml").read_text()
    (root / "Pulumi.prod.yaml").write_text(before + "# ours\n")
    commit(root)

    init(root, "--yes")
    kept = (root / "Pulumi.prod.yaml").read_text()
    init(root, "--overwrite", "--yes")

    assert kept == before + "# ours\n"
    assert (root / "Pulumi.prod.yaml").read_text() == before


def test_a_file_that_git_does_not_know_is_in_nobodys_way(root: Path) -> None:
    (root / "Pulumi.prod.yaml").write_text("config: {}\n")

    assert "Pulumi.prod.yaml is kept" in init(root, "--yes").stderr
    assert (root / "Pulumi.prod.yaml").read_text() == "config: {}\n"


def test_uncommitted_changes_are_refused_with_what_to_type(root: Path) -> None:
    (root / "README.md").write_text("changed\n")
    done = init(root, "--yes")

    assert done.exit_code == 1
    assert "has changes that are not committed: README.md. Commit them: git commit -a" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--name", "7 up"], "The project cannot be called '7 up'. Allowed: letters"),
        (["--stack", "local"], "A stack cannot be called 'local'. Allowed:"),
        (["--stack", "a", "--stack", "a"], "The stacks cannot be a, a. Expected: one or more, each once"),
        (["--platform", "lease"], "cannot be 'lease'. Allowed: adopt"),
        (["--platform", "prd=create"], "There is no stack prd, which 'prd=create' is about. There is: test, prod."),
        (["--host", "adb-1.azuredatabricks.net"], "allowed: the workspace's address: `https://` and a host"),
        (["--platform", "create", "--host", "prod=https://x.net"], "creates its workspace, which has no address yet"),
        (["--region", "prod=westeurope"], "adopts a workspace, which has its region and metastore already"),
        (["--model", "churn"], "'churn' is no model's full name. Expected: catalog, schema and name"),
        (["--model", "Prod.serving.churn"], "allowed: a Unity Catalog name"),
        (["--storage-account", "A", "--key-vault", "kv-a"], "No storage account is called 'A'. Allowed: 3 to 24"),
        (["--directory", "state"], "Expected: a directory's full path"),
        (["--owner", "acme"], "'acme' cannot own a file. Allowed: a team"),
    ],
)
def test_a_bad_answer_is_refused_with_what_is_allowed_and_nothing_is_written(
    root: Path, words: list[str], said: str
) -> None:
    done = init(root, *words, "--yes")

    assert (done.exit_code, said in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr
    assert git(root, "status", "--porcelain") == ""


def test_on_a_terminal_it_asks_and_asks_again_after_a_bad_answer(root: Path) -> None:
    answers = ["7 up", "acme", "only", "create", "norwayeast", "{stack}.serving.churn", "cloud", "y", ""]
    ours, theirs = pty.openpty()
    os.write(ours, "\n".join(answers).encode())
    command = [sys.executable, "-m", "model_ops.cli", "init", "--project", str(root)]
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, check=False, timeout=120)
    os.close(ours)
    os.close(theirs)

    assert (done.returncode, "The project cannot be called '7 up'" in done.stderr) == (0, True), done.stderr
    assert (root / "Pulumi.yaml").read_text().startswith("name: acme\n")
    assert "location: norwayeast" in (root / "Pulumi.only.yaml").read_text()


def test_elsewhere_it_is_refused(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")

    assert "is no Rollpin: there is no Pulumi.yaml" in init(other).stderr
    assert "is inside the repository" in init(root / "infra").stderr


@pytest.mark.parametrize("link", [".rollpin.yaml", ".github", "Pulumi.prod.yaml"])
def test_nothing_is_written_through_a_symbolic_link(root: Path, tmp_path: Path, link: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "theirs").touch()
    (root / link).symlink_to(tmp_path / ("elsewhere" if link == ".github" else "theirs"))
    commit(root)

    done = init(root, "--owner", "@acme/ml", "--yes")

    assert done.exit_code == 1
    assert f"{link} is a symbolic link to {tmp_path}" in done.stderr
    assert (tmp_path / "theirs").read_text() == git(root, "status", "--porcelain") == ""
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("option", ["--name", "--model", "--key-vault", "--storage-account", "--directory"])
def test_an_option_with_nothing_behind_it_is_not_taken_as_left_out(root: Path, option: str) -> None:
    done = init(root, option, "", "--yes")

    assert done.exit_code == 2
    assert f"{option} has nothing behind it" in done.stderr
    assert git(root, "status", "--porcelain") == ""
