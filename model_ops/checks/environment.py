"""The check that the Python packages can be had together that a model is served with."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from model_ops.checks.report import Check, failed, passed, unknown
from model_ops.versions.flavors import with_directories
from model_ops.versions.requirement import RequirementLine, included

NAME = "environment"
PATIENCE = 60
"""Seconds that the resolver may take."""
IMPOSSIBLE = "No solution found"
"""How uv begins to say that no versions go together, or that a package does not exist; all else is no answer."""
UNBUILT = "building from source is disabled"
"""How it says that a package has no wheel: where the model is served one may be built, and here nothing is."""
UNASKED = "Packages were unavailable because"
"""How it says that it was told to ask no index: whether what it lacks exists, it does not know."""
SOURCES = {"index_url", "extra_index_urls", "find_links", "no_index"}
MEND = "name versions that exist in pip_requirements, log the model again and register it as a new version"
MEND_LINE = (
    "write the line as pip reads it in pip_requirements, a file with / and relative to the model, log the model again "
    "and register it as a new version"
)
MEND_FILE = (
    "log the model again with the file in it, as code_paths=['risklib-1.0-py3-none-any.whl'] and "
    "pip_requirements=['code/risklib-1.0-py3-none-any.whl', …] do, and register it as a new version"
)


def check_environment(lines: Sequence[RequirementLine], files: Collection[str], python_version: str | None) -> Check:
    """Look at every line of the requirements, and resolve the packages for the Python that the model was logged with.

    Nothing is installed, built or fetched but what an index says of its packages; `files` are the paths of the model's.
    """
    wanted = [line for line in lines if line.kind != "option" and not line.constraint]
    if not wanted:
        return failed(NAME, "it names no packages", MEND)
    there = with_directories(tuple(files))
    if problems := [*_problems(lines, there)]:
        return failed(NAME, "; ".join(found for found, _ in problems), "; ".join(dict.fromkeys(m for _, m in problems)))
    found = _resolved([*lines], python_version)
    untold = [line.text for line in wanted if line.kind == "address"]
    if untold and found.outcome == "passed":
        return unknown(
            NAME, f"{found.found}; whether the rest can be had where it is served is not told: {', '.join(untold)}"
        )
    return found


def _problems(lines: Sequence[RequirementLine], there: Collection[str]) -> Iterator[tuple[str, str]]:
    """What another machine cannot install, whatever an index has, with what mends it."""
    if odd := [line.text for line in lines if line.kind == "unreadable"]:
        yield f"{', '.join(odd)}: pip cannot read that", MEND_LINE
    paths = [line for line in lines if line.kind == "file"]
    if elsewhere := [line.text for line in paths if _is_elsewhere(str(line.path))]:
        yield f"{', '.join(elsewhere)}: a path of the machine that logged it", MEND_FILE
    inside = [line for line in paths if not _is_elsewhere(str(line.path))]
    gone = [line.text for line in inside if str(PurePosixPath(str(line.path))) not in there]
    gone += [name for name in included(lines) if name not in there]
    if gone:
        yield f"{', '.join(gone)}: not among its files", MEND_FILE


def _is_elsewhere(path: str) -> bool:
    return path.startswith("/") or PurePosixPath(path) == PurePosixPath(".") or ".." in PurePosixPath(path).parts


def _resolved(lines: Sequence[RequirementLine], python_version: str | None) -> Check:
    files = [line.text for line in lines if line.kind == "file"]
    packages = [line.text for line in lines if line.kind == "package" and not line.constraint]
    beside = f"; among its files: {', '.join(files)}" if files else ""
    if not packages:
        return passed(NAME, f"it names no package of an index{beside}")
    command = _resolver(python_version)
    if command is None:
        return unknown(NAME, "there is no uv here to resolve its packages with: pip install uv")
    with tempfile.TemporaryDirectory(prefix="model-ops-") as scratch:
        limits = Path(scratch) / "constraints.txt"
        limits.write_text("\n".join(line.text for line in lines if line.kind == "package" and line.constraint))
        found = _resolve([*command, *_options(lines), "--constraint", str(limits), "-"], packages)
    if found.outcome == "failed" and (others := _indexes(lines)):
        # An index that a model names is not asked from here: its address may hold a secret, or lead anywhere.
        return unknown(NAME, f"{found.found}; its other sources were not asked: {', '.join(others)}")
    return replace(found, found=found.found + (beside if found.outcome == "passed" else ""))


def _resolve(command: Sequence[str], packages: Sequence[str]) -> Check:
    try:
        done = subprocess.run(
            command, input="\n".join(packages), capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return unknown(NAME, f"its packages were not resolved within {PATIENCE} s")
    if done.returncode == 0:
        count = sum(1 for line in done.stdout.splitlines() if line and not line.startswith((" ", "#")))
        return passed(NAME, f"its {len(packages)} requirements resolve, to {count} packages")
    why = " ".join(done.stderr.split())
    if UNASKED in why:
        return unknown(
            NAME,
            "its packages were not looked up: uv is told to ask no index here. Let it ask one: UV_OFFLINE=0, or "
            "neither `offline` nor `no-index` in uv.toml",
        )
    if IMPOSSIBLE in why and UNBUILT not in why:
        return failed(NAME, f"its packages cannot be had together: {why[:400]}", MEND)
    return unknown(NAME, f"whether its packages can be had together cannot be told from here: {why[:300]}")


def _options(lines: Sequence[RequirementLine]) -> list[str]:
    return ["--prerelease=allow"] if any((line.options or {}).get("pre") for line in lines) else []


def _indexes(lines: Sequence[RequirementLine]) -> list[str]:
    """The lines that name where packages come from, beside the index that is asked here."""
    return [line.text for line in lines if set(line.options or {}) & SOURCES]


def _resolver(python_version: str | None) -> list[str] | None:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        return None
    version = [] if python_version is None else ["--python-version", python_version]
    # A source distribution runs its own code when it is built, and may do so with this process's credentials.
    return [uv, "pip", "compile", "--quiet", "--no-build", "--no-header", "--no-annotate", *version]
