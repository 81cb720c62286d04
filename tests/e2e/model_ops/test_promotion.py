"""A promotion between two workspaces, test and prod: copied with its lineage, checked, pinned and served there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from databricks.sdk import WorkspaceClient

from model_ops.cli import main
from model_ops.pinning import pins
from tests.e2e.model_ops.workplace import FULL_NAME, MODEL, Workplace, open_workplace


@dataclass(frozen=True)
class Pair:
    """Two workspaces, each with its outputs in a file and a profile that signs in, and the stacks' files."""

    test: Workplace
    prod: Workplace
    directory: Path

    def promote(self, *words: str) -> Result:
        ends = ["--from", str(self.directory / "test.json"), "--to", str(self.directory / "prod.json")]
        where = ["--project", str(self.directory)]
        return CliRunner().invoke(main, ["promote", *ends, *where, *words], catch_exceptions=False)

    @property
    def file(self) -> Path:
        return self.directory / "Pulumi.prod.yaml"

    @property
    def registered(self) -> list[int]:
        client = WorkspaceClient(host=self.prod.home.url, token=self.prod.home.token, auth_type="pat")
        return sorted(each.version or 0 for each in client.model_versions.list(FULL_NAME))


@pytest.fixture(scope="module")
def pair(place: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    directory = tmp_path_factory.mktemp("promotion")
    with open_workplace(tmp_path_factory.mktemp("prod")) as prod, pytest.MonkeyPatch.context() as patch:
        profiles = directory / "databrickscfg"
        profiles.touch(mode=0o600)
        for name, workplace in (("test", place), ("prod", prod)):
            (directory / f"{name}.json").write_text(json.dumps(workplace.outputs | {"stack": name}))
            with profiles.open("a") as file:
                file.write(f"[{name}]\nhost = {workplace.home.url}\ntoken = {workplace.home.token}\n")
        (directory / "Pulumi.prod.yaml").write_bytes(prod.file.read_bytes())
        patch.setenv("DATABRICKS_CONFIG_FILE", str(profiles))
        yield Pair(place, prod, directory)


def test_without_yes_the_plan_and_the_diff_are_shown_and_nothing_is_copied(pair: Pair) -> None:
    before = pair.file.read_bytes()
    result = pair.promote()
    assert result.exit_code == 0
    assert f"promote version 2 of {FULL_NAME} from test to prod" in result.stdout
    assert "+      servedVersion: 1" in result.stdout
    assert (pair.registered, pair.file.read_bytes()) == ([], before)


def test_the_promoted_version_is_checked_pinned_served_and_keeps_its_lineage(pair: Pair) -> None:
    done = pair.promote("--yes")
    assert done.exit_code == 0, done.output
    assert "it loads and answers its own example" in done.stdout
    assert (pair.registered, pins.pinned(pair.file.read_text(), MODEL)) == ([1], 1)
    pair.prod.file.write_bytes(pair.file.read_bytes())
    assert pair.prod.stack.run("up").error is None
    assert pair.prod.run("verify").exit_code == 0
    there, here = pair.prod.json("lineage", "1"), pair.test.json("lineage", "2")
    tags = {name.removeprefix("rollpin_source_"): value for name, value in there["version"]["tags"].items()}
    assert (tags["stack"], tags["workspace"], tags["version"]) == ("test", pair.test.home.url, "2")
    assert tags["run_id"] == here["run"]["run_id"] == there["version"]["run_id"]
    assert tags["experiment"] == here["experiment"]["name"]
    assert there["version"]["description"] == here["version"]["description"]
    compared = [workplace.json("signature", number) for workplace, number in ((pair.prod, "1"), (pair.test, "2"))]
    assert compared[0] == compared[1]


def test_promoting_again_copies_nothing_twice(pair: Pair) -> None:
    again = pair.promote("--yes", "--no-load")
    assert again.exit_code == 0
    assert f"it is version 1 of {FULL_NAME} there already" in again.stdout
    assert pair.registered == [1]


def test_a_version_that_fails_its_checks_is_neither_copied_nor_pinned(pair: Pair) -> None:
    result = pair.promote("--version", "3", "--yes")
    assert (result.exit_code, "the retrieval index" in result.stdout) == (1, True)
    assert "Nothing was copied or changed" in result.stderr
    assert (pair.registered, pins.pinned(pair.file.read_text(), MODEL)) == ([1], 1)


def test_between_two_catalogs_of_one_workspace_the_trail_stays_whole(pair: Pair) -> None:
    client = WorkspaceClient(host=pair.test.home.url, token=pair.test.home.token, auth_type="pat")
    client.catalogs.create("shared")
    client.schemas.create("chatbot", "shared")
    client.registered_models.create(catalog_name="shared", schema_name="chatbot", name=MODEL)
    outputs = json.loads((pair.directory / "test.json").read_text()) | {"stack": "shared"}
    outputs["models"][MODEL] |= {
        "full_name": f"shared.chatbot.{MODEL}",
        "endpoint_name": "shared",
        "pinned_version": None,
    }
    target = pair.directory / "shared.json"
    target.write_text(json.dumps(outputs))
    (pair.directory / "Pulumi.shared.yaml").write_bytes(pair.file.read_bytes())
    done = pair.promote("--yes", "--no-load", "--to", str(target))
    assert done.exit_code == 0, done.output
    words = ["lineage", "1", "--target", str(target), "--project", str(pair.directory), "--json"]
    trail = json.loads(CliRunner().invoke(main, words, catch_exceptions=False).stdout)
    assert trail["run"]["run_id"] == trail["version"]["run_id"]
    assert (FULL_NAME, 2) in [tuple(sibling) for sibling in trail["siblings"]]


def test_a_token_is_not_sent_to_a_workspace_that_it_was_not_made_for(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("DATABRICKS_HOST", pair.test.home.url)
    monkeypatch.setenv("DATABRICKS_TOKEN", pair.test.home.token)
    result = pair.promote()
    assert result.exit_code == 1
    assert f"No credentials for {pair.prod.home.url}: DATABRICKS_TOKEN is for DATABRICKS_HOST" in result.stderr
    assert pair.test.home.token not in result.output
