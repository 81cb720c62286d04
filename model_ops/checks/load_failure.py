"""Why a version did not load, and what mends that: each mend is one that was tried."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from model_ops.checks.report import Check, failed, unmade
from model_ops.versions.requirement import parsed

NAME = "loads"
LET_THROUGH = "MODEL_OPS_LOAD_ENV"
"""The variable that names, with commas, which of the caller's variables a model's code may see when it is loaded."""
_STAGE = re.compile(r"models:/(?P<name>[^/@]+)/(?P<stage>(?!\d+$)[^/]+)")


@dataclass(frozen=True, kw_only=True)
class LoadFailure:
    """What the process that loaded a version found out about the error that ended it."""

    problem: str
    """The error in one line."""
    module: str | None = None
    """What could not be imported."""
    variable: str | None = None
    """The environment variable that was looked up and is not set."""
    file: str | None = None
    """The path that was opened and is not there."""
    address: str | None = None
    """What the model's code gave MLflow to load, such as `models:/X/Production`."""

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> LoadFailure:
        """Read it from the answer of `model_ops.checks.load_model`."""
        found = {name: answer.get(name) for name in ("module", "variable", "file", "address")}
        return cls(problem=str(answer["problem"]), **{name: str(each) for name, each in found.items() if each})


@dataclass(frozen=True, kw_only=True)
class LoadedVersion:
    """What is known of a version that speaks for one mend or another."""

    download: str
    """What copies its files into DIR, as it is typed."""
    requirements: Sequence[str]
    hidden: Collection[str]
    """The variables that it was seen to read when it was logged, and that its code did not see here."""
    lacks: str | None
    """What mends that its MLmodel file names what is not there; None where all is."""


def judged(failure: LoadFailure, version: LoadedVersion) -> Check:
    """Say what the failure says of the version: it fails, or it could not be loaded here."""
    explained = failure.module or failure.address or failure.file or version.lacks
    if failure.variable or (version.hidden and not explained):
        return _unseen(failure, [*dict.fromkeys(filter(None, [failure.variable, *sorted(version.hidden)]))])
    if failure.address and not failure.module:
        return _addressed(failure, failure.address)
    return failed(NAME, failure.problem, _mend(failure, version))


def _mend(failure: LoadFailure, version: LoadedVersion) -> str:
    if failure.module:
        return _installing(failure.module, version)
    if version.lacks:
        return version.lacks
    if failure.file:
        return _with_its_file(failure.file)
    why = f"see why: {version.download}, then mlflow.pyfunc.load_model('DIR')"
    return f"{why}; log it again"


def _installing(module: str, version: LoadedVersion) -> str:
    """A module need not be called as its package: where none is called so, all packages are installed."""
    top = module.partition(".")[0]
    wanted = [
        line for line in version.requirements if (found := parsed(line)) and found.name.replace("-", "_").lower() == top
    ]
    if wanted:
        return f"install what it is served with: pip install {shlex.quote(wanted[0])}"
    return (
        f"install what it is served with: {version.download}, then pip install -r "
        f"DIR/requirements.txt; where that does not bring {top}, log it again with it in pip_requirements or code_paths"
    )


def _unseen(failure: LoadFailure, names: Sequence[str]) -> Check:
    """A model's code sees none of the caller's variables but those that the caller names."""
    found = f"{failure.problem}: its code may need {', '.join(names)}, which is hidden from it here"
    values = " ".join(f"{name}=…" for name in names)
    return unmade(
        NAME,
        f"{found}; where it is served, the endpoint has to set it",
        f"let its code see it and run this again: export {values} {LET_THROUGH}={','.join(names)}",
    )


def _addressed(failure: LoadFailure, address: str) -> Check:
    """What another model's address needs is a registry; a copy that is logged with the model needs none."""
    stage = _STAGE.fullmatch(address)
    copy = f"models:/CATALOG.SCHEMA.{stage['name'].rpartition('.')[2]}/NUMBER" if stage else address
    mend = (
        f"log it again with artifacts={{'inner': '{copy}'}}, which puts a copy into it, let its code load "
        "context.artifacts['inner'], and register it as a new version"
    )
    found = f"{failure.problem}: its code loads {address}"
    if stage:
        return failed(NAME, f"{found}, and Unity Catalog has no stage {stage['stage']}", mend)
    return unmade(NAME, f"{found}, and no registry can be asked where it is loaded here", mend)


def _with_its_file(path: str) -> str:
    windows = "\\" in path
    name = (PureWindowsPath if windows else PurePosixPath)(path).name
    return (
        f"log it again with artifacts={{'file': {name!r}}}, let its code open context.artifacts['file'] instead of "
        f"{path}, and register it as a new version"
    )
