"""Packages that cannot be had together are told from an index that cannot be asked; nothing is built to find out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from model_ops.checks.environment import check_environment
from model_ops.checks.report import Outcome

METADATA = "Metadata-Version: 2.1\nName: networkx\nVersion: 3.0\n"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that is all the index there is; it holds networkx 3.0."""
    with zipfile.ZipFile(tmp_path / "networkx-3.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("networkx-3.0.dist-info/METADATA", METADATA)
        wheel.writestr("networkx-3.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("networkx-3.0.dist-info/RECORD", "")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("UV_NO_CACHE", "1")
    return tmp_path


@pytest.mark.parametrize(
    ("requirements", "outcome", "said"),
    [
        (["networkx==3.0"], "passed", "its 1 requirements resolve, to 1 packages"),
        (["networkx==99.0"], "failed", "cannot be had together"),
        (["no-such-connection-package"], "failed", "cannot be had together"),
        ([], "failed", "it names no packages"),
        (["-e ."], "failed", "no package that another machine can install"),
        (["--index-url https://example.com", "networkx==3.0"], "failed", "no package that another machine can install"),
        (["mine @ file:///home/me/mine"], "failed", "no package that another machine can install"),
    ],
)
def test_the_packages_are_resolved(shelf: Path, requirements: list[str], outcome: Outcome, said: str) -> None:
    found = check_environment(requirements, "3.11")
    assert (found.outcome, said in found.found) == (outcome, True)
    assert (found.mend is not None) == (outcome == "failed")


def test_an_index_that_does_not_answer_says_nothing_about_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_TIMEOUT", "1")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    assert check_environment(["networkx==99.0"], "3.11").outcome == "unknown"


def test_a_source_distribution_is_not_built(shelf: Path) -> None:
    marker = shelf / "built"
    source = shelf / "evil-1.0"
    source.mkdir()
    (source / "setup.py").write_text(
        f"open({str(marker)!r}, 'w').close()\nfrom setuptools import setup\nsetup(name='evil')\n"
    )
    (source / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: evil\nVersion: 1.0\n")
    with zipfile.ZipFile(shelf / "evil-1.0.zip", "w") as archive:
        for file in source.iterdir():
            archive.write(file, f"evil-1.0/{file.name}")
    assert check_environment(["evil==1.0"], "3.11").outcome != "passed"
    assert not marker.exists()
