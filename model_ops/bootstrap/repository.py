"""Where a stack's workflows run, as its identities must know it: a repository on GitHub, a project in Azure DevOps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
NAMED = re.compile(r"(?P<owner>[\w.-]+)(?P<owner_id>@\d+)?/(?P<name>[\w.-]+?)(?P<id>@\d+)?")
"""`owner/name`, or with the numbers that GitHub puts into the subjects of newer repositories:
https://learn.microsoft.com/entra/workload-id/workload-identities-github-immutable-subjects."""
GITHUB = re.compile(r"(?:https://(?:[^/@]+@)?|ssh://git@|git@)github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?")
AZURE_DEVOPS = (
    re.compile(r"https://(?:[^/@]+@)?dev\.azure\.com/([\w.-]+)/([^/?#$]+)(?:/_git/[^/?#]+)?/?"),
    re.compile(r"git@ssh\.dev\.azure\.com:v3/([\w.-]+)/([^/?#$]+)/[^/?#]+"),
    re.compile(r"https://([\w-]+)\.visualstudio\.com/(?:DefaultCollection/)?([^/?#$]+)(?:/_git/[^/?#]+)?/?"),
)


@dataclass(frozen=True)
class GitHubRepository:
    """A repository on GitHub, whose jobs are vouched for by the environment that they run in."""

    subject: str
    """`owner/name`, as GitHub's tokens have it: with numbers, where the repository's do."""

    @property
    def name(self) -> str:
        """`owner/name`."""
        return re.sub(r"@\d+", "", self.subject)

    def __str__(self) -> str:
        """Name it in a sentence."""
        return f"github.com/{self.name}"


@dataclass(frozen=True)
class AzureDevOpsProject:
    """A project in Azure DevOps, whose jobs are vouched for by the service connection that they use."""

    organization: str
    project: str

    @property
    def url(self) -> str:
        """The address of its organization."""
        return f"https://dev.azure.com/{self.organization}"

    @property
    def path(self) -> str:
        """The project's name in an address."""
        return quote(self.project)

    def __str__(self) -> str:
        """Name it in a sentence."""
        return f"dev.azure.com/{self.organization}/{self.project}"


Repository = GitHubRepository | AzureDevOpsProject


def read(text: str) -> Repository | None:
    """Read `owner/name`, or the address of a remote; None where it is neither GitHub's nor Azure DevOps'."""
    if found := GITHUB.fullmatch(text):
        return GitHubRepository(found[1])
    for form in AZURE_DEVOPS:
        if found := form.fullmatch(text):
            return AzureDevOpsProject(found[1], unquote(found[2]))
    named = NAMED.fullmatch(text)
    if named and bool(named["owner_id"]) == bool(named["id"]):
        return GitHubRepository(text)
    return None
