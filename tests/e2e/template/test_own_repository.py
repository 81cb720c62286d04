"""What `init` leaves passes the checks that a contributor runs, with the example and without it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from model_ops.template import example
from tests.e2e.template import rollpin

CHECKED = "tests/unit/project tests/stacks/test_every_stack.py"


@pytest.fixture(scope="module", params=["--with-example", "--without-example"])
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = rollpin.clone(tmp_path_factory.mktemp("clone") / "own")
    words = ["--name", "acme", "--stack", "staging", "--stack", "live", "--platform", "live=create"]
    rollpin.init(directory, *words, "--model", "{stack}.serving.churn", "--owner", "@acme/ml", request.param)
    return directory


def python(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *words]
    # Its tests look at the real make, which knows what is made and what is not.
    theirs = rollpin.environment() | {"PATH": os.environ["PATH"]}
    return subprocess.run(command, cwd=directory, env=theirs, capture_output=True, text=True, check=False)


@pytest.mark.timeout(1200)
def test_the_tests_of_the_project_and_of_its_stacks_pass(own: Path) -> None:
    done = python(own, "pytest", "-q", "-p", "no:cacheprovider", *CHECKED.split())

    assert done.returncode == 0, done.stdout[-4000:]


def test_style_and_formatting_pass(own: Path) -> None:
    for words in (["ruff", "check", "--no-cache", "."], ["ruff", "format", "--no-cache", "--check", "."]):
        done = python(own, *words)
        assert done.returncode == 0, done.stdout


def test_its_stacks_are_those_that_were_named_and_the_program_takes_each(own: Path) -> None:
    files = sorted(path.name for path in own.glob("Pulumi.*.yaml"))
    taken = [python(own, "infra.settings", name, name.split(".")[1]).returncode for name in files]

    assert files == ["Pulumi.live.yaml", "Pulumi.local.yaml", "Pulumi.staging.yaml"]
    assert taken == [0, 0, 0]


def test_what_stays_leans_on_nothing_that_went(own: Path) -> None:
    if (own / "examples").exists():
        pytest.skip("the example stays")
    code = [path for path in own.rglob("*.py") if ".venv" not in path.parts and "template" not in path.parts]
    leaning = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(example.FOLDERS)})\b", re.MULTILINE)

    assert not [folder for folder in example.FOLDERS if (own / folder).exists()]
    assert len(code) > 400
    assert [str(path) for path in code if leaning.search(path.read_text())] == []


def test_a_second_run_changes_nothing(own: Path) -> None:
    done = rollpin.attempt(own, ".venv/bin/model-ops init --yes")

    assert (done.returncode, done.stdout) == (0, "")
    assert "There is nothing to change" in done.stderr
    assert rollpin.run(own, "git status --porcelain") == ""


def test_the_owners_of_the_fleets_guide_are_written_as_it_says(tmp_path: Path) -> None:
    directory = rollpin.clone(tmp_path / "fleet")

    rollpin.run(directory, rollpin.blocks("fleet.md")[0])

    owners = [line.split() for line in (directory / ".github/CODEOWNERS").read_text().splitlines()]
    assert owners[-1] == ["/Pulumi.prod-search.yaml", "@acme/search"]
    assert ["/infra/", "@acme/ml-platform"] in owners
    assert "rollpin:after: prod " in (directory / "Pulumi.prod-search.yaml").read_text()


def test_the_stack_of_the_fleets_guide_is_one_that_the_program_takes(tmp_path: Path) -> None:
    (file := tmp_path / "Pulumi.prod-search.yaml").write_text(rollpin.blocks("fleet.md", "yaml")[0])

    assert python(rollpin.SOURCE, "infra.settings", str(file), "prod-search").stdout == ""
