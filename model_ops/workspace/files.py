"""A version's artifacts through the Files API, where MLflow's client reads them: `/Models/<catalog>/<schema>/…`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import quote

from model_ops import disk
from model_ops.errors import AbsentError, VersionError, WorkspaceError, first_line
from model_ops.versions.version import File
from model_ops.workspace.client import Workspace
from model_ops.workspace.registry import Registry

FILES, DIRECTORIES = "/api/2.0/fs/files", "/api/2.0/fs/directories"
LARGEST_READ = 16 * 1024 * 1024
"""Bytes of a file that is read whole; an MLmodel file has a few thousand."""
AT_ONCE = 8
DEEPEST = 32
"""Directories in directories; a listing that goes on beyond this goes round in a circle."""


class ModelFiles:
    """The files of one version; every method raises WorkspaceError where the workspace does not answer."""

    def __init__(self, workspace: Workspace, model: str, version: int) -> None:
        self._workspace, self.model, self.version = workspace, model, version
        self._root = f"/Models/{model.replace('.', '/')}/{version}"

    def tree(self) -> tuple[File, ...]:
        """List every file by its path; raises VersionError where the version has no files."""
        found: list[File] = []
        level = [""]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in range(DEEPEST):
                if not level:
                    break
                entries = [entry for listed in pool.map(self._entries, level) for entry in listed]
                found += [entry for entry in entries if isinstance(entry, File)]
                level = [entry for entry in entries if isinstance(entry, str)]
        if level:
            raise self._workspace.unexpected(f"{DIRECTORIES}{self._root}")
        if not found:
            raise self._absent("files")
        return tuple(sorted(found, key=lambda file: file.path))

    def read(self, path: str) -> bytes:
        """Read one file whole; raises VersionError where it is not there or is larger than 16 MiB."""
        with self._read(path) as source:
            content = source.read(LARGEST_READ + 1)
        if len(content) > LARGEST_READ:
            raise VersionError(f"{path} of version {self.version} is larger than {LARGEST_READ} bytes: download it.")
        return bytes(content)

    def download(self, directory: Path) -> tuple[Path, ...]:
        """Copy every file below `directory`, which is not there yet or empty; gives their paths.

        All of them are there in the end, or the directory is as it was. Raises VersionError where the version has no
        files, one of them would land elsewhere, or they cannot be written.
        """
        files = self.tree()
        try:
            directory.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}.") as scratch:
                whole = Path(scratch) / "whole"
                targets = [_below(whole, file.path) for file in files]
                with ThreadPoolExecutor(AT_ONCE) as pool:
                    list(pool.map(self._copy, files, targets))
                whole.replace(directory)
        except OSError as error:
            raise VersionError(f"The files are not written. {disk.refusal(error, directory)}") from None
        return tuple(directory / file.path for file in files)

    def _entries(self, below: str) -> list[File | str]:
        path = f"{DIRECTORIES}{quote(self._root)}/{quote(below)}".rstrip("/")
        found: list[File | str] = []
        try:
            for page in self._workspace.pages(path, {}):
                found += [self._entry(entry) for entry in page.get("contents") or ()]
        except AbsentError:
            raise self._absent(below or "files") from None
        return found

    def _entry(self, entry: Mapping[str, Any]) -> File | str:
        try:
            name = str(PurePosixPath(entry["path"]).relative_to(self._root))
        except (KeyError, TypeError, ValueError):
            raise self._workspace.unexpected(f"{DIRECTORIES}{self._root}") from None
        if name == ".":
            raise self._workspace.unexpected(f"{DIRECTORIES}{self._root}")
        return name if entry.get("is_directory") else File(path=name, size=_size(entry))

    def _open(self, path: str) -> BinaryIO:
        try:
            return self._workspace.open(f"{FILES}{quote(self._root)}/{quote(path)}")
        except AbsentError:
            raise self._absent(path) from None

    def _copy(self, file: File, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as sink, self._read(file.path) as source:
            shutil.copyfileobj(source, sink)

    def _absent(self, what: str) -> VersionError:
        """Say that something is not there; raises VersionError of its own where the version itself is not."""
        Registry(self._workspace).version(self.model, self.version)
        return VersionError(
            f"Version {self.version} of {self.model} has no {what} that can be read at {self._root}.\n"
            "If it has been deleted, register the model again from its run, as a new version."
        )

    @contextmanager
    def _read(self, path: str) -> Iterator[BinaryIO]:
        """Open a file; a connection that ends while it is read is an error of the workspace."""
        with self._open(path) as source:
            try:
                yield source
            except ConnectionError as error:
                raise WorkspaceError(
                    f"{self._workspace.url} broke off in the middle of {path}: {first_line(error)}\nRun this again."
                ) from None


def _size(entry: Mapping[str, Any]) -> int:
    size = entry.get("file_size")
    return size if isinstance(size, int) else 0


def _below(directory: Path, path: str) -> Path:
    target = directory / path
    if not target.resolve().is_relative_to(directory.resolve()):
        raise VersionError(f"The artifact {path!r} would be written outside of {directory}. Nothing was written.")
    return target
