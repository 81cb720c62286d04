"""The check that a model server has what it starts with: the flavor that it loads, and the files that are named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model_ops.checks.report import Check, failed, passed, unknown
from model_ops.versions.flavors import PYFUNC, NamedPath, with_directories
from model_ops.versions.mlmodel import MlModel
from model_ops.versions.version import File

NAME = "artifacts"
AS_PYFUNC = "log it with a flavor of MLflow's that has python_function, or as one: mlflow.pyfunc.log_model"
ON_POSIX = (
    "log the model again on Linux or macOS, where MLflow writes its paths with /, and register it as a new version"
)
AGAIN = (
    "register it again from its run, if the run still has what is missing, or log the model again with it; "
    "either is a new version"
)


def check_artifacts(mlmodel: MlModel, files: Sequence[File]) -> Check:
    """Look for python_function, and for every file and directory that any flavor names."""
    there = with_directories(tuple(file.path for file in files))
    absent = [named for named in mlmodel.named_paths if not named.is_among(there)]
    problems = [*_unservable(mlmodel), *_absences([named for named in absent if named.certain])]
    if problems:
        mends = dict.fromkeys(mend for _, mend in problems)
        return failed(NAME, "; ".join(found for found, _ in problems), "; ".join(mends))
    if absent:
        named = ", ".join(_described(each) for each in absent)
        return unknown(NAME, f"its MLmodel file names {named}: whether that is to be one of its files cannot be told")
    size = sum(file.size for file in files)
    return passed(NAME, f"{len(files)} files, {size} bytes; all that its flavors name are there")


def _unservable(mlmodel: MlModel) -> Iterator[tuple[str, str]]:
    flavor = mlmodel.flavors.get(PYFUNC)
    if flavor is None:
        others = ", ".join(mlmodel.flavors) or "none"
        yield f"it has no flavor {PYFUNC}, which is the one that is served; it has: {others}", AS_PYFUNC
    elif not flavor.get("loader_module"):
        yield f"its flavor {PYFUNC} names no loader_module, so nothing can load it", AS_PYFUNC


def _absences(absent: Sequence[NamedPath]) -> Iterator[tuple[str, str]]:
    """Say what is not there, what was written on Windows apart from the rest: it is another mistake."""
    windows = [named for named in absent if named.from_windows]
    gone = [named for named in absent if not named.from_windows]
    if windows:
        named = ", ".join(_described(each) for each in windows)
        yield f"its MLmodel file names {named}, with the \\ of Windows, which a server on Linux does not find", ON_POSIX
    if gone:
        yield f"its MLmodel file names {', '.join(_described(each) for each in gone)}, which is not there", AGAIN


def _described(named: NamedPath) -> str:
    return f"{named.path} ({named.key})"
