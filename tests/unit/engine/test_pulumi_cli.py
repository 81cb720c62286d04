"""The engine is looked for on the PATH, then at the installer, then built; why one did not do is noted."""

import re
import urllib.request
from pathlib import Path

import pytest

from engine import go_module, pulumi_cli


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty PATH and cache, and no way to Pulumi's installer."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")  # nobody listens there
    # Python looks at that variable once a process, when something is first fetched.
    monkeypatch.setattr(urllib.request, "_opener", None)
    return tmp_path


def put(directory: Path, name: str, answer: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    script = directory / name
    script.write_text(f"#!/bin/sh\necho '{answer}'\n")
    script.chmod(0o755)


def test_a_new_enough_engine_on_the_path_is_taken(elsewhere: Path) -> None:
    put(elsewhere / "bin", "pulumi", "v3.300.1")
    engine = pulumi_cli.find()
    assert (engine.source, engine.version) == ("path", "3.300.1")
    assert engine.command.command == str(elsewhere / "bin" / "pulumi")


def test_an_engine_that_was_built_before_is_taken_without_asking_the_installer(elsewhere: Path) -> None:
    put(go_module.root(pulumi_cli.cache()) / "bin", "pulumi", "v3.257.0")
    said: list[str] = []
    assert pulumi_cli.find(said.append).source == "module"
    assert not any("asking" in line for line in said)


def test_an_old_engine_on_the_path_is_passed_over_and_the_reason_is_noted(elsewhere: Path) -> None:
    put(elsewhere / "bin", "pulumi", "v3.243.9")
    put(go_module.root(pulumi_cli.cache()) / "bin", "pulumi", "v3.257.0")
    said, noted = [], []
    engine = pulumi_cli.find(said.append, noted.append)
    assert str(engine) == "Pulumi 3.257.0 from its Go module"
    assert any("3.244.0" in line and "3.243.9" in line for line in noted)
    assert said == []


def test_with_nothing_to_be_had_every_way_tried_and_what_to_install_are_said() -> None:
    with pytest.raises(pulumi_cli.EngineNotFoundError) as refusal:
        pulumi_cli.find()
    message = str(refusal.value)
    assert re.search(r"- PATH: .*\n\s+- installer: .*refused.*\n\s+- Go module: there is no `go`", message)
    assert "https://www.pulumi.com/docs/install" in message


def test_a_build_that_fails_leaves_no_engine_and_says_gos_last_words(elsewhere: Path) -> None:
    script = elsewhere / "bin" / "go"
    script.write_text("#!/bin/sh\necho 'go: no module there'\nexit 1\n")
    script.chmod(0o755)
    with pytest.raises(pulumi_cli.EngineNotFoundError, match="go: no module there"):
        pulumi_cli.find()
    assert list(go_module.root(pulumi_cli.cache()).rglob("*")) == [go_module.root(pulumi_cli.cache()) / "bin"]


def test_the_versions_named_are_those_of_go_mod() -> None:
    text = (go_module.HERE / "go.mod").read_text()
    assert f"require {go_module.PACKAGE.removesuffix('/cmd/pulumi')} v{go_module.VERSION}\n" in text
    assert f"\ngo {go_module.OLDEST_GO}\n" in text
