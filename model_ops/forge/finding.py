"""Finds the place where a checkout's pull requests live, from what CI sets and from the remote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from model_ops.errors import ForgeError, GitError
from model_ops.forge.azure_devops import AzureDevOps
from model_ops.forge.forge import Forge
from model_ops.forge.github import GitHub, repository_of
from model_ops.git.command import Git

GITHUB_TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")


def find_forge(project: Path, environment: Mapping[str, str]) -> Forge:
    """Give GitHub or Azure DevOps, whichever the variables name; raises ForgeError, with what to set, where none is.

    GitHub: `GITHUB_TOKEN` and `GITHUB_REPOSITORY`, or else the remote `origin`. Azure DevOps: `SYSTEM_ACCESSTOKEN`,
    which a pipeline's step must map, and the variables that every pipeline has.
    """
    if token := environment.get("SYSTEM_ACCESSTOKEN"):
        return AzureDevOps.at(token, environment)
    repository = environment.get("GITHUB_REPOSITORY") or repository_of(_remote(project))
    token = github_token(environment)
    if repository and token:
        return GitHub.at(repository, token, environment)
    lacks = "token" if repository else "repository"
    raise ForgeError(
        f"It is not known where to open pull requests: there is no {lacks} to be found.\n"
        "On GitHub, set GITHUB_TOKEN, and GITHUB_REPOSITORY to owner/name unless the remote `origin` says it.\n"
        "In Azure DevOps, map SYSTEM_ACCESSTOKEN: $(System.AccessToken) in the step's env."
    )


def github_token(environment: Mapping[str, str]) -> str | None:
    """The token for GitHub among the variables."""
    return next((found for name in GITHUB_TOKENS if (found := environment.get(name))), None)


def _remote(project: Path) -> str:
    try:
        return Git(project).text("remote", "get-url", "origin")
    except GitError:
        return ""
