"""Paths of the Files API: which file of the artifact store each one is, and who may write there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.workspace.api.errors import ApiError, invalid
from sandbox.workspace.registry.artifact_addresses import MLFLOW, swap
from sandbox.workspace.registry.version_files import check_unreserved
from sandbox.workspace.registry.version_records import find_version, number_of
from sandbox.workspace.stores.registered_models import Version
from sandbox.workspace.stores.workspace import Workspace

_LONGEST_PATH, _LONGEST_NAME = 2000, 255  # bytes
_ARTIFACTS = ["WorkspaceInternal", "Mlflow", "Artifacts"]
_LEVELS: Mapping[str, Sequence[str]] = {"Runs": [], "LoggedModels": ["logged_models"]}
_IDS = {"Runs": re.compile(r"[0-9a-f]{32}"), "LoggedModels": re.compile(r"m-[0-9a-f]{32}")}
"""What MLflow calls runs and logged models; under another name, the directory of one could be taken for the other's."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A file or directory, there or not: `sent` is its path in the API, `path` the one in the artifact store."""

    sent: str
    path: Path
    version: Version | None = None
    """The version that it belongs to, where it is below /Models."""
    inside: Sequence[str] = ()
    """Its path in the artifact store, or in the version."""

    @property
    def lock(self) -> str:
        """What to hold while it changes."""
        return self.version.storage if self.version else str(self.path)

    def exists_as_directory(self) -> bool:
        """Say whether it is a directory; a version's is there before its first file."""
        return self.path.is_dir() or (self.version is not None and not self.inside)


def resolve(workspace: Workspace, sent: str) -> Place:
    """Find the place of a path; raises ApiError for one that is nowhere, or that leads anywhere else."""
    parts = split(sent)
    if parts[:1] == ["Models"] and len(parts) >= 5:
        version = find_version(workspace, ".".join(parts[1:4]), number_of(parts[4]))
        base, inside = workspace.registry.files(version.model, version.version), parts[5:]
        return Place(sent=sent, path=contained(base, inside), version=version, inside=inside)
    inside = stored(parts)
    return Place(sent=sent, path=contained(workspace.home.artifacts, inside), inside=inside)


def split(sent: str) -> list[str]:
    """Give the names in a path; raises ApiError for one that is not plain and absolute."""
    parts = sent.removesuffix("/").split("/")[1:]
    whole = sent.startswith("/") and len(sent.encode()) <= _LONGEST_PATH
    if not whole or not parts or any(_is_odd(part) for part in parts):
        raise invalid(f"path: absolute, of plain names of at most {_LONGEST_NAME} bytes, found {sent[:200]!r}.")
    return parts


def _is_odd(part: str) -> bool:
    return part in {"", ".", ".."} or "\0" in part or len(part.encode()) > _LONGEST_NAME


def stored(parts: Sequence[str]) -> list[str]:
    """Give the names in the artifact store of a path below /WorkspaceInternal; raises ApiError for any other path."""
    if (
        list(parts[:3]) != _ARTIFACTS
        or len(parts) < 6
        or parts[4] not in _IDS
        or not _IDS[parts[4]].fullmatch(parts[5])
    ):
        raise not_found(
            f"/{'/'.join(parts)}: the sandbox has /Models/<catalog>/<schema>/<model>/<version> and, below "
            "/WorkspaceInternal/Mlflow/Artifacts/<experiment>, Runs/<run> and LoggedModels/<model>"
        )
    return swap("/".join([parts[3], *_LEVELS[parts[4]], *parts[5:]])).split("/")


def contained(base: Path, names: Sequence[str]) -> Path:
    """Give the path below `base`; raises ApiError where a symbolic link stands in the way."""
    root = base.resolve()
    path = root.joinpath(*names)
    if path.resolve() != path:
        raise invalid(f"path: {'/'.join(names)[:200]!r} leads through a symbolic link.")
    return path


def check_writable(workspace: Workspace, place: Place) -> None:
    """Raise ApiError unless the place takes files now: a version's while it is pending, a run's until it is deleted."""
    if place.version is None:
        check_unreserved("/".join(place.inside))
        _check_owned(workspace, place)
        return
    version = find_version(workspace, place.version.model, place.version.version)
    if version.storage != place.version.storage or not version.storage or version.status != "PENDING_REGISTRATION":
        raise ApiError(
            403,
            "PERMISSION_DENIED",
            f"The files of {version.label} do not change: it is {version.status}. Register another version.",
        )


def _check_owned(workspace: Workspace, place: Place) -> None:
    owner = next(name for name in place.inside[1:] if name != "models")
    root = workspace.registry.artifacts(owner)
    if root is None or not f"{MLFLOW}{'/'.join(place.inside)}/".startswith(f"{root}/"):
        raise not_found(
            f"{place.sent} is not among the artifacts of a run or logged model that is there and not deleted"
        )


def not_found(what: str) -> ApiError:
    """Answer 404 as the Files API does."""
    return ApiError(404, "NOT_FOUND", f"The file or directory being accessed is not found: {what}.")
