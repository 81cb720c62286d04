"""What a pull request should not hold gets a clear verdict: from git and the program alone, without any credentials."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from model_ops.cli import main
from model_ops.review.problems import elsewhere
from model_ops.review.sides import open_sides
from tests.shown_comments import first_lines, shown

MODEL = "bot"
PLATFORM = """\
  rollpin:platform:
    adopt:
      host: https://adb-{0}.1.azuredatabricks.net
      resourceId: /subscriptions/{1}/resourceGroups/ml/providers/Microsoft.Databricks/workspaces/ml-prod
"""
SUBSCRIPTION = "00000000-0000-0000-0000-00000000000"
IDENTITY = ("-c", "user.name=An Author", "-c", "user.email=author@example.com", "-c", "commit.gpgsign=false")


def stack_file(version: int, workspace: str = "1", after: str = "") -> str:
    models = f"  rollpin:models:\n    {MODEL}:\n      catalog: c\n      schema: s\n      servedVersion: {version}\n"
    return f"config:\n{PLATFORM.format(workspace * 16, SUBSCRIPTION + workspace)}{after}{models}"


def git(directory: Path, *words: str) -> None:
    subprocess.run(["git", *IDENTITY, *words], cwd=directory, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two stacks on main, where no `pulumi` is to be found."""
    directory = tmp_path / "repository"
    directory.mkdir()
    git(directory, "init", "--quiet", "--initial-branch=main")
    (directory / "Pulumi.yaml").write_text("name: rollpin\n")
    (directory / "Pulumi.test.yaml").write_text(stack_file(8, "1"))
    (directory / "Pulumi.prod.yaml").write_text(stack_file(7, "2", "  rollpin:after: test\n"))
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message=before")
    git(directory, "switch", "--quiet", "--create=change")
    found = subprocess.run(["which", "git"], check=True, capture_output=True, text=True).stdout.strip()
    monkeypatch.setenv("PATH", str(Path(found).parent) if not (Path(found).parent / "pulumi").exists() else os.defpath)
    return directory


@pytest.fixture
def review(repository: Path) -> Callable[..., Result]:
    def run(files: dict[str, str | None], *words: str, base: str = "main") -> Result:
        for name, text in files.items():
            if text is None:
                (repository / name).unlink()
            else:
                (repository / name).write_text(text)
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--allow-empty", "--message=change")
        return CliRunner().invoke(main, ["review", "--base", base, "--project", str(repository), *words])

    return run


def test_what_can_be_known_without_credentials_is_told_and_what_not_is_listed(review: Callable[..., Result]) -> None:
    result = review({"Pulumi.prod.yaml": stack_file(6, "2", "  rollpin:after: test\n")})
    assert result.exit_code == 0
    assert "**rollback, 7 → 6**" in result.stdout
    assert "**Look closely**: not all of it could be seen" in result.stdout
    assert "no preview of stack prod was given" in result.stdout
    assert "There is no `pulumi` on the PATH" in result.stdout
    assert "Rehearsed" not in result.stdout


def test_what_is_rehearsed_says_which_sandbox_stands_for_the_workspace(
    review: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLPIN_SANDBOX", str(tmp_path / "stands-in"))
    result = review({"Pulumi.prod.yaml": stack_file(6, "2", "  rollpin:after: test\n")})
    told = f"the sandbox in {tmp_path / 'stands-in'} stands for the workspace of stack prod"
    assert told in result.stdout.replace("`", "").replace("\\", "")
    assert "**Rehearsed**" in result.stdout


@pytest.mark.parametrize(("judged", "unseen"), [({}, True), ({"policies": []}, False)])
def test_a_preview_that_no_policy_has_judged_is_not_taken_for_one_of_which_nothing_was_found(
    review: Callable[..., Result], tmp_path: Path, judged: dict[str, object], unseen: bool
) -> None:
    urn = "urn:pulumi:prod::rollpin::databricks:index/modelServing:ModelServing::bot-endpoint"
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps({"steps": [{"op": "same", "urn": urn}], **judged}))
    result = review({"Pulumi.prod.yaml": stack_file(6, "2", "  rollpin:after: test\n")}, "--preview", str(preview))
    assert "- In the cloud: nothing changes" in result.stdout
    assert ("Not seen: what the policies say of it (the preview was not held" in result.stdout) == unseen
    assert ("STACK=prod makes one that is)" in result.stdout) == unseen


def test_a_change_of_two_stacks_says_in_which_order_they_are_deployed(review: Callable[..., Result]) -> None:
    result = review({f"Pulumi.{name}.yaml": stack_file(9, number) for name, number in (("prod", "2"), ("test", "1"))})
    assert result.exit_code == 0
    assert result.stdout.startswith("### Look closely: it changes 2 stacks, deployed in this order: prod, then test\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (stack_file(7).replace("servedVersion: 7", "servedVersion: [7"), "refused by the program"),
        (stack_file(7).replace("servedVersion: 7", "servedVersion: latest"), "a whole number from 1"),
        (stack_file(7).replace("catalog", "catalogue"), "catalogue"),
        (
            f"<<<<<<< HEAD\n{stack_file(7)}=======\n{stack_file(6)}>>>>>>> change\n",
            "a merge in it that nobody finished",
        ),
    ],
)
def test_a_file_that_is_broken_is_refused_with_the_place(review: Callable[..., Result], text: str, why: str) -> None:
    result = review({"Pulumi.prod.yaml": text})
    assert result.exit_code == 1
    assert "**Refused**" in result.stdout
    assert why in result.stdout
    assert "line 1" in result.stdout or "Pulumi.prod.yaml:" in result.stdout


def make_link(path: Path) -> None:
    path.symlink_to("Pulumi.test.yaml")


def make_directory(path: Path) -> None:
    path.mkdir()
    (path / "inside").write_text("x")


@pytest.mark.parametrize(
    ("name", "make", "what"),
    [
        ("prod", make_link, "a symbolic link"),
        ("new", make_link, "a symbolic link"),
        ("prod", make_directory, "a directory"),
        ("new", lambda path: path.write_text("#" * 2_000_000), "a file of 2,000,000 bytes"),
        ("prod", lambda path: path.write_bytes(b"\xff\xfe" * 100), "a file that is no text in UTF-8"),
    ],
)
def test_what_is_no_file_of_settings_is_refused_and_not_taken_for_gone(
    review: Callable[..., Result], repository: Path, name: str, make: Callable[[Path], object], what: str
) -> None:
    file = repository / f"Pulumi.{name}.yaml"
    file.unlink(missing_ok=True)
    make(file)
    result = review({})
    assert result.exit_code == 1
    assert "**Refused**" in result.stdout
    assert f"Pulumi.{name}.yaml is {what}" in result.stdout
    assert "the stack's file goes" not in result.stdout
    assert CliRunner().invoke(main, ["stacks", "--project", str(repository)]).exit_code == 0


def test_platform_and_pin_together_are_refused_and_two_pull_requests_asked_for(
    review: Callable[..., Result], repository: Path
) -> None:
    result = review({"Pulumi.prod.yaml": stack_file(6, "3")})
    assert result.exit_code == 1
    assert first_lines(result.stdout, repository) == shown("platform change")
    assert "it changes the platform and a pin (bot) together" in result.stdout
    assert "make two pull requests: the platform of prod first" in result.stdout


def test_a_platform_alone_is_to_be_looked_at(review: Callable[..., Result]) -> None:
    result = review({"Pulumi.prod.yaml": stack_file(7, "3", "  rollpin:after: test\n")})
    assert result.exit_code == 0
    assert "the platform changes" in result.stdout
    assert f"https://adb-{'3' * 16}.1.azuredatabricks.net" in result.stdout


def test_a_stack_file_that_goes_says_that_what_is_deployed_could_not_be_asked(review: Callable[..., Result]) -> None:
    result = review({"Pulumi.prod.yaml": None})
    assert result.exit_code == 0
    assert "**Look closely**: the stack's file goes" in result.stdout
    assert "what of stack prod is deployed still" in result.stdout


def test_a_version_that_another_stack_has_is_brought_here_by_promoting_it(repository: Path) -> None:
    sides = open_sides(repository, "main")
    assert (elsewhere(MODEL, 8, "prod", sides.after, repository) or "").endswith(
        "promote --from test --to prod --version 8 --model bot --yes"
    )
    assert elsewhere(MODEL, 9, "prod", sides.after, repository) is None


def test_a_change_of_no_stack_is_nothing_to_review(review: Callable[..., Result]) -> None:
    result = review({"README.md": "# x\n"})
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "### Nothing to review")


@pytest.mark.parametrize("base", ["origin/main", "--output=stolen", "0" * 40])
def test_a_base_that_git_does_not_know_is_one_message(review: Callable[..., Result], base: str) -> None:
    result = review({}, base=base)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "git fetch origin" in result.stderr


def test_what_is_not_committed_is_said_and_not_reviewed(review: Callable[..., Result], repository: Path) -> None:
    review({"Pulumi.test.yaml": stack_file(9)})
    (repository / "Pulumi.prod.yaml").write_text(stack_file(1, "2"))
    said = CliRunner().invoke(main, ["review", "--base", "main", "--project", str(repository)]).stdout
    assert "not committed, and so not in this review: Pulumi.prod.yaml" in said
    assert "7 → 1" not in said


def test_a_shallow_clone_says_how_to_get_the_rest(
    review: Callable[..., Result], repository: Path, tmp_path: Path
) -> None:
    review({"Pulumi.prod.yaml": stack_file(6)})
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{repository}", "shallow")
    words = ["review", "--base", "origin/main", "--project", str(tmp_path / "shallow")]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 1
    assert "git fetch --unshallow" in result.stderr


def test_the_parts_of_a_review_are_joined_and_one_that_is_missing_is_said(
    review: Callable[..., Result], tmp_path: Path
) -> None:
    part = tmp_path / "prod.json"
    alone = review({"Pulumi.prod.yaml": stack_file(6, "2")}, "--json", str(part)).stdout
    assert CliRunner().invoke(main, ["review", "--join", str(part)]).stdout == alone
    result = CliRunner().invoke(main, ["review", "--join", "--stack", "test", "--stack", "prod", str(part)])
    assert result.exit_code == 1
    assert "stack test was not reviewed" in result.stdout


def test_a_part_that_is_no_review_is_one_message(tmp_path: Path) -> None:
    part = tmp_path / "x.json"
    part.write_text('{"stacks": 1}')
    result = CliRunner().invoke(main, ["review", "--join", str(part)])
    assert (result.exit_code, "holds no review" in result.stderr) == (1, True)


@pytest.mark.parametrize("words", [(), ("--join", "--base", "main"), ("--base", "main", "Makefile")])
def test_neither_a_base_nor_parts_or_both_is_misuse(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(main, ["review", *words]).exit_code == 2
