"""The remote `origin`: what main is there, and a branch that is pushed to it.

The token goes to git by its environment, and to the remote's own address alone: it stands in no file and no command.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from model_ops.commands import program
from model_ops.errors import GitError
from model_ops.forge.finding import github_token
from model_ops.git.command import Git
from model_ops.loopback import is_loopback

MAIN = "main"


@dataclass(frozen=True)
class Origin:
    """The remote of one checkout, and the variables that may hold a token for it."""

    git: Git
    environment: Mapping[str, str]

    def fetch(self, branch: str) -> str:
        """Bring a branch here and give its commit; raises GitError."""
        words = ("fetch", "--quiet", "--no-tags", "origin", f"+refs/heads/{branch}:refs/remotes/origin/{branch}")
        self.git.run(*words, variables=self._signed())
        return self.git.text("rev-parse", f"refs/remotes/origin/{branch}^{{commit}}")

    def holds(self, branch: str) -> bool:
        """Whether the remote has a branch of that name; raises GitError where it cannot be asked."""
        return bool(self.git.run("ls-remote", "--heads", "origin", f"refs/heads/{branch}", variables=self._signed()))

    def commit(self, branch: str) -> str:
        """The commit of a branch, made here or pushed before; raises GitError where there is none."""
        for ref in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"):
            if self.git.agrees("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"):
                return self.git.text("rev-parse", f"{ref}^{{commit}}")
        raise GitError(f"There is no branch {branch} here, nor at origin. Make it: {program()} pin … --branch {branch}")

    def push(self, branch: str) -> bool:
        """Push a branch, if it was made here; says whether it was. Raises GitError where the remote refuses."""
        ref = f"refs/heads/{branch}"
        if not self.git.agrees("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"):
            return False
        self.git.run("push", "--quiet", "origin", f"{ref}:{ref}", variables=self._signed())
        return True

    def _signed(self) -> dict[str, str]:
        """Git's settings that sign it in at the remote, where that is one that takes a token."""
        address = urlsplit(self.git.text("remote", "get-url", "origin"))
        place = f"{address.scheme}://{address.netloc.rpartition('@')[2]}/"
        if not (credential := _credential(self.environment)) or not _takes_token(place):
            return {}
        header = f"Authorization: Basic {b64encode(credential.encode()).decode()}"
        return {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"http.{place}.extraHeader", "GIT_CONFIG_VALUE_0": header}


def _credential(environment: Mapping[str, str]) -> str | None:
    if token := environment.get("SYSTEM_ACCESSTOKEN"):
        return f":{token}"
    token = github_token(environment)
    return f"x-access-token:{token}" if token else None


def _takes_token(place: str) -> bool:
    return place.startswith("https://") or (place.startswith("http://") and is_loopback(place))
