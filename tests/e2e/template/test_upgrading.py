"""The guide `docs/upgrading.md`: a real merge of a newer Rollpin into a repository that has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.template import rollpin

PAGE = "upgrading.md"
PINNED = ("    churn:\n", "    churn:\n      servedVersion: 4\n")
NEWER = {
    "infra/naming.py": ('"""', '"""Newer: '),
    "docs/rollback.md": ("# ", "# Newer: "),
    "Pulumi.prod.yaml": ("servedVersion: 1", "servedVersion: 3"),
    "Pulumi.test.yaml": ("servedVersion: 7", "servedVersion: 8"),
    "examples/chatbot/README.md": ("# ", "# Newer: "),
}
"""What the newer Rollpin changed: the program, a page, its own stacks, and the example."""
COMPONENT = '"""A component of our own."""\n'


def edit(directory: Path, name: str, old: str, new: str) -> None:
    path = directory / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that a team made its own and changed, after every command of the guide."""
    upstream = rollpin.clone(tmp_path_factory.mktemp("upstream") / "rollpin")
    own = tmp_path_factory.mktemp("team") / "own"
    rollpin.run(upstream, f"git tag v0.1.0 && git clone --quiet --origin rollpin . {own}")
    (own / ".venv").symlink_to(upstream / ".venv")
    (own / ".git/info/exclude").write_text(".venv\n")
    rollpin.init(own, "--name", "acme", "--model", "{stack}.serving.churn", "--owner", "@acme/ml", "--without-example")
    change(own)
    release(upstream)
    rollpin.run(own, "git config merge.ours.driver true")
    rollpin.run(own, "".join(rollpin.blocks(PAGE)))
    return own


def change(own: Path) -> None:
    """What a team does: it pins a version in prod, and adds a component."""
    edit(own, "Pulumi.prod.yaml", *PINNED)
    (own / "infra/serving/acme_dashboard.py").write_text(COMPONENT)
    rollpin.run(own, "git add --all && git commit --quiet --message='Serve churn 4'")


def release(upstream: Path) -> None:
    """What Rollpin does: it goes on, adds to the example too, and is released."""
    for name, (old, new) in NEWER.items():
        edit(upstream, name, old, new)
    (upstream / "examples/chatbot/newer.py").write_text('"""Newer."""\n')
    rollpin.run(upstream, "git add --all && git commit --quiet --message=Newer && git tag v0.2.0")


def test_the_teams_stacks_owners_and_components_are_as_they_were(merged: Path) -> None:
    names = "Pulumi.prod.yaml Pulumi.test.yaml Pulumi.local.yaml Pulumi.yaml .github/CODEOWNERS infra/serving"

    assert rollpin.run(merged, f"git diff --name-only main newer-rollpin -- {names}") == ""
    assert "servedVersion: 4" in (merged / "Pulumi.prod.yaml").read_text()
    assert (merged / "infra/serving/acme_dashboard.py").read_text() == COMPONENT


def test_the_newer_program_and_its_pages_are_there(merged: Path) -> None:
    assert (merged / "infra/naming.py").read_text().startswith('"""Newer: ')
    assert (merged / "docs/rollback.md").read_text().startswith("# Newer: ")


def test_the_example_stays_out_with_what_was_added_to_it(merged: Path) -> None:
    assert not (merged / "examples").exists()


def test_nothing_is_left_to_settle_and_the_release_is_merged(merged: Path) -> None:
    assert rollpin.run(merged, "git status --porcelain") == ""
    rollpin.run(merged, "git merge-base --is-ancestor v0.2.0 HEAD")
