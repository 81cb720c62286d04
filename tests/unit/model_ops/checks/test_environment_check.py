"""Packages that cannot be had together are told from an index that cannot be asked; nothing is built to find out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from model_ops.checks.environment import check_environment
from model_ops.checks.report import Check
from model_ops.versions.requirement import read_requirements

METADATA = "Metadata-Version: 2.1\nName: networkx\nVersion: 3.0\n"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that is all the index there is; it holds networkx 3.0."""
    with zipfile.ZipFile(tmp_path / "networkx-3.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("networkx-3.0.dist-info/METADATA", METADATA)
        wheel.writestr("networkx-3.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("networkx-3.0.dist-info/RECORD", "")
    (tmp_path / "uv.toml").write_text(f"no-index = true\nfind-links = [{str(tmp_path)!r}]\n")
    monkeypatch.setenv("UV_CONFIG_FILE", str(tmp_path / "uv.toml"))
    monkeypatch.setenv("UV_NO_CACHE", "1")
    return tmp_path


WHEEL = "code/risklib-1.0-py3-none-any.whl"
SHA = "9f9e3d5ce2d0d5a2b9b0f3c5d3f6f5c1a6a4a5f9d3c2b1a0f9e8d7c6b5a43210"
HASHED = f"networkx==3.0 \\\n    --hash=sha256:{SHA} \\\n    --hash=sha256:{SHA[::-1]}"


def check(text: str, *files: str, **others: str) -> Check:
    texts = {"requirements.txt": text} | {name.replace("_", "."): found for name, found in others.items()}
    return check_environment(read_requirements(texts), [*texts, *files], "3.11")


@pytest.mark.parametrize(
    ("text", "outcome", "said"),
    [
        ("networkx==3.0", "passed", "its 1 requirements resolve, to 1 packages"),
        ("networkx==3.0 # pinned", "passed", "its 1 requirements resolve, to 1 packages"),
        (HASHED, "passed", "its 1 requirements resolve, to 1 packages"),
        ("--extra-index-url https://example.com\nnetworkx==3.0", "passed", "its 1 requirements resolve"),
        ("--index-url https://example.com\n--trusted-host example.com\n--pre\nnetworkx==3.0", "passed", "resolve"),
        ("networkx==3.0; python_version < '3.9'", "passed", "its 1 requirements resolve, to 0 packages"),
        ("networkx==3.0 --config-settings a=b", "passed", "its 1 requirements resolve"),
        (f"{WHEEL}\nnetworkx==3.0", "passed", f"to 1 packages; among its files: {WHEEL}"),
        (f"./{WHEEL}", "passed", f"it names no package of an index; among its files: ./{WHEEL}"),
        ("networkx==99.0", "failed", "cannot be had together"),
        ("no-such-connection-package", "failed", "cannot be had together"),
        ("", "failed", "it names no packages"),
        ("# nothing", "failed", "it names no packages"),
        ("-e .", "failed", "-e .: a path of the machine that logged it"),
        ("mine @ file:///home/me/mine", "failed", "a path of the machine that logged it"),
        ("/home/me/risklib-1.0-py3-none-any.whl", "failed", "a path of the machine that logged it"),
        ("code/other-1.0-py3-none-any.whl", "failed", "code/other-1.0-py3-none-any.whl: not among its files"),
        ("networkx==3.0\n-c constraints.txt", "failed", "constraints.txt: not among its files"),
        ("code\\risklib-1.0-py3-none-any.whl", "failed", "pip cannot read that"),
        ("!nonsense==", "failed", "!nonsense==: pip cannot read that"),
        ("git+https://me:secret@example.com/mine", "unknown", "git+https://***@example.com/mine"),
        ("networkx==3.0\nmine @ https://example.com/mine-1.0.zip", "unknown", "whether the rest can be had"),
        ("networkx==3.0\n${TOKEN}", "unknown", "whether the rest can be had where it is served is not told: ${TOKEN}"),
        (
            "--extra-index-url https://a:secret@example.com\nmine==1.0",
            "unknown",
            "were not asked: --extra-index-url https://***",
        ),
        ("--find-links wheels\nnetworkx==99.0", "unknown", "its other sources were not asked: --find-links wheels"),
    ],
)
def test_each_line_is_read_as_pip_reads_it_and_the_packages_are_resolved(
    shelf: Path, text: str, outcome: str, said: str
) -> None:
    found = check(text, WHEEL)

    assert said in found.found
    assert found.outcome in outcome
    assert (found.mend is not None) == (outcome == "failed")
    assert "secret" not in str(found)


def test_constraints_hold_and_files_that_are_included_are_read(shelf: Path) -> None:
    assert check("networkx\n-c constraints.txt", constraints_txt="networkx<4").outcome == "passed"
    assert check("networkx\n-c constraints.txt", constraints_txt="networkx<3").outcome == "failed"
    assert check("-r more.txt", more_txt="networkx==3.0").outcome == "passed"
    assert check("-r more.txt", more_txt="-r requirements.txt\nnetworkx==99").outcome == "failed"


def test_a_variable_in_a_line_is_not_filled_in_from_here(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "a-secret")
    found = check("--extra-index-url https://${TOKEN}@example.com\nnetworkx==99")
    assert (found.outcome, "a-secret" in found.found) == ("unknown", False)


def test_an_index_that_does_not_answer_says_nothing_about_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_TIMEOUT", "1")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    assert check("networkx==99.0").outcome == "unknown"


@pytest.mark.parametrize("setting", ["offline = true", "no-index = true"])
def test_where_no_index_may_be_asked_nothing_is_said_about_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    (tmp_path / "uv.toml").write_text(f"{setting}\n")
    monkeypatch.setenv("UV_CONFIG_FILE", str(tmp_path / "uv.toml"))
    monkeypatch.setenv("UV_NO_CACHE", "1")
    for name in ("UV_OFFLINE", "UV_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)

    found = check("networkx==3.0")

    assert (found.outcome, found.mend) == ("unknown", None)
    assert "were not looked up: uv is told to ask no index here. Let it ask one: UV_OFFLINE=0" in found.found


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
    assert check("evil==1.0").outcome == "unknown"
    assert not marker.exists()
