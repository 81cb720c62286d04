"""A checkout as files by their paths: read from git's list, written back whole, and staged."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from model_ops.errors import TemplateError
from model_ops.git.repository import Repository
from model_ops.template import attributes, owners, record
from model_ops.template.plan import Change

NEEDED = ("Pulumi.yaml", "Makefile", "pyproject.toml", "README.md", "infra/program.py")
"""What a Rollpin has, whatever was made of it."""


@dataclass(frozen=True)
class Checkout:
    """The top directory of a Rollpin that is in git and has nothing uncommitted."""

    repository: Repository

    @classmethod
    def open(cls, project: Path) -> Checkout:
        """Find it; raises GitError or TemplateError, with what to type, where `project` is none."""
        repository = Repository.open(project)
        if repository.root.resolve() != project.resolve():
            raise TemplateError(
                f"{project.resolve()} is inside the repository {repository.root}. Expected: a repository of its own, "
                "for workflows and owners are read from the top. Make one: git clone, or git init"
            )
        if missing := [name for name in NEEDED if not (project / name).is_file()]:
            raise TemplateError(
                f"{project.resolve()} is no Rollpin: there is no {missing[0]}. Go to the clone, or: --project DIR"
            )
        repository.require_committed()
        return cls(repository)

    def files(self) -> dict[str, bytes]:
        """What each file holds: those that git tracks, and those that lie where `init` would write."""
        root = self.repository.root
        own = [record.PATH, owners.PATH, attributes.PATH, *(path.name for path in root.glob("Pulumi.*.yaml"))]
        tracked = self.repository.git.run("ls-files", "-z").decode().split("\0")
        paths = [path for path in {*tracked, *own} if path and (root / path).is_file()]
        return {path: (root / path).read_bytes() for path in paths if not (root / path).is_symlink()}

    def require_no_link(self, changes: Iterable[Change]) -> None:
        """Refuse to write through a symbolic link, wherever it leads; raises TemplateError, which names it."""
        root = self.repository.root
        for change in changes:
            parts = Path(change.path).parts
            for path in (root.joinpath(*parts[:length]) for length in range(1, len(parts) + 1)):
                if path.is_symlink():
                    link = path.relative_to(root)
                    raise TemplateError(
                        f"{link} is a symbolic link to {path.readlink()}, and {change.path} would be changed there. "
                        f"Expected: no link. Take it out: git rm {shlex.quote(str(link))} && git commit -m 'No link'. "
                        "Then the same again. Nothing is changed yet"
                    )

    def apply(self, changes: Iterable[Change]) -> None:
        """Write what was planned and stage it, so that `git commit` takes all of it and `git reset --hard` none."""
        for change in changes:
            path = self.repository.root / change.path
            if change.after is None:
                path.unlink()
                self._prune(path.parent)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(change.after)
        self.repository.git.run("add", "--all", "--", *(change.path for change in changes))

    def _prune(self, folder: Path) -> None:
        """Take out folders that hold nothing but what Python compiled."""
        while folder != self.repository.root and all(each.name == "__pycache__" for each in folder.iterdir()):
            for cache in folder.glob("__pycache__/*"):
                cache.unlink()
            with suppress(OSError):
                (folder / "__pycache__").rmdir()
            with suppress(OSError):
                folder.rmdir()
            folder = folder.parent
