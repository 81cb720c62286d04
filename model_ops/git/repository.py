"""The repository that a stack file lives in: whether it is fit to commit in, and a commit that disturbs nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model_ops import disk, printable
from model_ops.errors import GitError
from model_ops.git import commits
from model_ops.git.command import Git
from model_ops.git.commits import Commit

UNDER_WAY = {
    "MERGE_HEAD": ("a merge", "git merge --continue, or git merge --abort"),
    "rebase-merge": ("a rebase", "git rebase --continue, or git rebase --abort"),
    "rebase-apply": ("a rebase or an `am`", "git rebase --continue, or git rebase --abort (git am --abort)"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue, or git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --continue, or git revert --abort"),
    "BISECT_LOG": ("a bisection", "git bisect reset"),
}
"""Files of git's own that stand while something is under way: what that is, and what ends it."""
FILE_MODES = ("100644", "100755")
SHOWN = 5


@dataclass(frozen=True)
class Repository:
    """A git repository with a work tree."""

    root: Path

    @classmethod
    def open(cls, path: Path) -> Repository:
        """Find the repository that the directory `path` is in; raises GitError where there is none."""
        git = Git(path)
        try:
            return cls(Path(git.text("rev-parse", "--show-toplevel")))
        except GitError as error:
            if "not a git repository" not in str(error):
                raise
            raise GitError(
                f"{path.absolute()} is in no git repository. Make one: git init; or work in the clone of one: git clone"
            ) from None

    @property
    def git(self) -> Git:
        """The command in the repository's top directory."""
        return Git(self.root)

    @property
    def mainlines(self) -> tuple[str, ...]:
        """Where merges are looked for, the likelier first: the remote's default branch, and what is checked out."""
        return ("refs/remotes/origin/HEAD", "HEAD")

    def inside(self, path: Path) -> str:
        """The path of a file as git has it, behind symbolic links; raises GitError where it is not in this one."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            raise GitError(f"{path.resolve()} is not in the repository {self.root}: name a file that is.") from None

    def require_clean_branch(self) -> str:
        """Give the name of the branch; raises GitError, with what to type, where nothing should be committed.

        That is: something is under way, no branch is checked out, there is no commit yet, tracked files have changes,
        or nobody's name is set. Files that git does not track do no harm.
        """
        self._refuse_under_way()
        branch = self._branch()
        self._head()
        self._refuse_dirty()
        self._refuse_nameless()
        return branch

    def require_committed(self) -> None:
        """Raise GitError, with what to type, where something is under way, or tracked files have changes."""
        self._refuse_under_way()
        self._head()
        self._refuse_dirty()

    def commit_on_branch(self, branch: str, files: Mapping[Path, bytes], message: str) -> Commit:
        """Commit `files` as they are given, on top of HEAD, on the new branch; raises GitError, and then made none.

        Work tree, index and HEAD are left alone: the tree is put together in an index of its own, and the branch comes
        into being last and at once, or not at all where one of that name exists. Killed at any moment it leaves
        unreachable objects and a directory among the system's temporary ones. Contents pass the filters that `git add`
        would apply; files keep their mode. It is signed where commit.gpgsign says so. Hooks are not run: they are
        written for the work tree, which does not hold these contents; a pull request's checks see them.
        """
        self.require_new(branch)
        head = self._head()
        tree = self._tree(head, {self.inside(path): content for path, content in files.items()})
        if tree == self.git.text("rev-parse", f"{head}^{{tree}}"):
            raise GitError("There is nothing to commit: the last commit has these contents already.")
        sign = ["-S"] if self._setting("commit.gpgsign") else []
        words = printable.text(message).encode()
        made = self.git.run("commit-tree", tree, "-p", head, *sign, "-F", "-", stdin=words).decode().strip()
        none = "0" * len(made)
        self.git.run("update-ref", "--create-reflog", "-m", "branch: made by model-ops", _ref(branch), made, none)
        return commits.read(self.git, made)

    def _tree(self, head: str, files: Mapping[str, bytes]) -> str:
        try:
            return self._tree_in_an_index_of_its_own(head, files)
        except OSError as error:
            raise GitError(f"Nothing is committed. {disk.refusal(error)}") from None

    def _tree_in_an_index_of_its_own(self, head: str, files: Mapping[str, bytes]) -> str:
        with tempfile.TemporaryDirectory(prefix="model-ops-") as directory:
            index = {"GIT_INDEX_FILE": str(Path(directory) / "index")}
            self.git.run("read-tree", head, variables=index)
            for path, content in files.items():
                written = self.git.run("hash-object", "-w", "--stdin", f"--path={path}", stdin=content).decode().strip()
                entry = f"{self._mode(head, path)},{written},{path}"
                self.git.run("update-index", "--add", "--cacheinfo", entry, variables=index)
            return self.git.run("write-tree", variables=index).decode().strip()

    def _mode(self, head: str, path: str) -> str:
        mode = self.git.text("ls-tree", "-z", head, "--", path).partition(" ")[0] or FILE_MODES[0]
        if mode not in FILE_MODES:
            raise GitError(f"{path} is no ordinary file in the last commit (its mode is {mode}): name a file.")
        return mode

    def _refuse_under_way(self) -> None:
        for name, (what, ending) in UNDER_WAY.items():
            if (self.root / self.git.text("rev-parse", "--git-path", name)).exists():
                raise GitError(f"In {self.root} {what} is under way. End it first: {ending}")

    def _branch(self) -> str:
        if not self.git.agrees("symbolic-ref", "--quiet", "HEAD"):
            raise GitError(f"In {self.root} no branch is checked out (HEAD is detached). Go to one: git switch BRANCH")
        return self.git.text("symbolic-ref", "--short", "HEAD")

    def _head(self) -> str:
        if not self.git.agrees("rev-parse", "--verify", "--quiet", "HEAD^{commit}"):
            raise GitError(f"{self.root} has no commit yet. Make one: git add . && git commit")
        return self.git.text("rev-parse", "HEAD")

    def _refuse_dirty(self) -> None:
        status = self.git.text("status", "--porcelain=v1", "--no-renames", "-z", "--untracked-files=no")
        changed = [entry[3:] for entry in status.split("\0") if entry]
        if changed:
            more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
            raise GitError(
                f"{self.root} has changes that are not committed: {', '.join(changed[:SHOWN])}{more}. "
                "Commit them: git commit -a; or put them aside: git stash"
            )

    def _refuse_nameless(self) -> None:
        for person in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            if not self.git.agrees("-c", "user.useConfigOnly=true", "var", person):
                raise GitError(
                    "git does not know who you are. Tell it: "
                    'git config --global user.name "…" && git config --global user.email "…"'
                )

    def require_new(self, branch: str) -> None:
        """Raise GitError where `branch` is no name for a branch, or there is one of that name."""
        valid = self.git.agrees("check-ref-format", "--branch", branch)
        if not valid or self.git.text("check-ref-format", "--branch", branch) != branch:
            raise GitError(f"{branch!r} is no name for a branch. Name it as in: --branch pin/chatbot-6")
        if self.git.agrees("show-ref", "--verify", "--quiet", _ref(branch)):
            raise GitError(f"There is a branch {branch} already. Name another, or delete it: git branch -d {branch}")

    def _setting(self, name: str) -> bool:
        asked = ("config", "--type=bool", "--get", name)
        return self.git.agrees(*asked) and self.git.text(*asked) == "true"


def _ref(branch: str) -> str:
    return f"refs/heads/{branch}"
