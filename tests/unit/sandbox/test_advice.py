"""What a started sandbox tells people to type is what the documents tell them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sandbox.__main__ import _how_to_use
from sandbox.home import Home

ROOT = Path(__file__).parents[3]
VARIABLE = re.compile(r"\b(MLFLOW_[A-Z_]+)=(\S+)")


@pytest.fixture
def advice(tmp_path: Path) -> str:
    home = Home(tmp_path)
    home.port_file.write_text("5000")
    return _how_to_use(home, "127.0.0.1")


def test_the_guide_sets_for_mlflow_what_the_command_prints(advice: str) -> None:
    guide = (ROOT / "docs" / "sandbox.md").read_text()
    exports = next(line for line in guide.splitlines() if line.startswith("export MLFLOW_"))

    assert dict(VARIABLE.findall(exports)) == dict(VARIABLE.findall(advice))
    assert dict(VARIABLE.findall(advice))["MLFLOW_TRACKING_URI"] == "databricks"


def advising() -> list[str]:
    """The other documents that set the registry's address; an example brings its own."""
    found = {*ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/README.md")} - {ROOT / "docs/sandbox.md"}
    return sorted(str(path.relative_to(ROOT)) for path in found if "MLFLOW_REGISTRY_URI=" in path.read_text())


@pytest.mark.parametrize("document", advising())
def test_other_documents_advise_the_same_address(document: str, advice: str) -> None:
    printed = dict(VARIABLE.findall(advice))
    advised = dict(VARIABLE.findall((ROOT / document).read_text()))

    assert {name: printed[name] for name in ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI")}.items() <= advised.items()
    assert not advised.keys() & {"MLFLOW_TRACKING_TOKEN"}
