"""Runs `git` in one directory: never interactive, never with hooks, and with nothing inherited from another one."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model_ops.errors import GitError

QUIET = ("--no-pager", "--no-optional-locks", "--literal-pathspecs")
OFF = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false")
ELSEWHERE = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
)
"""What git sets for its hooks, and what would lead to another repository than the one that was named."""
SILENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": ":", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "LC_ALL": "C"}


DISK = {
    "No space left": "Make room there, then run this again: df -h {where}",
    "out of diskspace": "Make room there, then run this again: df -h {where}",
    "quota exceeded": "Make room there, then run this again: df -h {where}",
    "Read-only file system": "Work in a clone that can be written to. See which this is: df -h {where}",
    "insufficient permission": "See who may write there: ls -ld {where}/.git {where}/.git/objects",
    "Permission denied": "See who may write there: ls -ld {where}/.git {where}/.git/objects",
}
"""What git says of a disk that refuses it, and what to do about it."""


@dataclass(frozen=True)
class Git:
    """The `git` command in a directory."""

    directory: Path

    def run(self, *words: str, stdin: bytes = b"", variables: Mapping[str, str] | None = None) -> bytes:
        """Give what git prints; raises GitError with its own words where it fails, or is not installed."""
        done = self._done(words, stdin, variables or {})
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip() or f"it exited with {done.returncode}"
            raise GitError(f"git {words[0]} fails in {self.directory}: {said}{self._mend(said)}")
        return done.stdout

    def text(self, *words: str) -> str:
        """Give what git prints as text, without the last line end; raises GitError as `run` does."""
        return os.fsdecode(self.run(*words)).removesuffix("\n")

    def lines(self, *words: str) -> list[str]:
        """Give the lines that git prints; raises GitError as `run` does."""
        return os.fsdecode(self.run(*words)).splitlines()

    def agrees(self, *words: str) -> bool:
        """Whether git exits with 0; raises GitError where it is not installed."""
        return self._done(words, b"", {}).returncode == 0

    def _done(
        self, words: tuple[str, ...], stdin: bytes, variables: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        inherited = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
        try:
            return subprocess.run(
                ["git", *QUIET, *OFF, *words],
                cwd=self.directory,
                env={**inherited, **SILENT, **variables},
                input=stdin,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise GitError(self._why_not(error)) from None

    def _mend(self, said: str) -> str:
        """What to type where it is the disk that refuses git; nothing where it is something else."""
        where = shlex.quote(str(self.directory.absolute()))
        mends = (mend for words, mend in DISK.items() if words.lower() in said.lower())
        return next((f"\n{mend.format(where=where)}" for mend in mends), "")

    def _why_not(self, error: OSError) -> str:
        if not self.directory.is_dir():
            return f"{self.directory} is no directory: name one that is in a git repository."
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return "There is no `git` on the PATH. Install it: https://git-scm.com/downloads"
        return f"git cannot be run in {self.directory}: {error.strerror}. See who may: ls -ld {self.directory}"
