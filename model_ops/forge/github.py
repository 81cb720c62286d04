"""GitHub, by its REST API: https://docs.github.com/rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from model_ops.errors import ForgeError, ReadOnlyError
from model_ops.forge.calls import Calls
from model_ops.forge.forge import Comment, Posted

LIMIT = 65_536
"""Characters of a comment or of a body; more is answered by 422."""
PAGE = 100
ACTIONS = "github-actions[bot]"
"""Who GITHUB_TOKEN writes as; that token may not ask who it is."""
REMOTE = re.compile(r"^(?:https://(?:[^/@]+@)?|ssh://git@|git@)github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")


@dataclass(frozen=True)
class GitHub:
    """One repository on GitHub."""

    calls: Calls
    repository: str
    """`owner/name`."""
    comment_limit = issue_limit = request_limit = LIMIT
    issue_shows_markdown = True

    @classmethod
    def at(cls, repository: str, token: str, environment: Mapping[str, str]) -> GitHub:
        """The repository at `GITHUB_API_URL`; raises ForgeError where that would show the token to others."""
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        url = environment.get("GITHUB_API_URL") or "https://api.github.com"
        return cls(Calls(url=url, headers=headers), repository)

    def comments(self, number: int) -> Iterator[Comment]:
        """Give the comments under a pull request, the oldest first."""
        for each in self._all(f"issues/{number}/comments"):
            yield Comment(key=str(each["id"]), text=each.get("body") or "", own=self._is_own(each))

    def add_comment(self, number: int, text: str) -> Comment:
        """Write a comment under a pull request."""
        made = self.calls.send("POST", self._path(f"issues/{number}/comments"), {"body": text})
        return Comment(key=str(made["id"]), text=text, own=True)

    def edit_comment(self, number: int, key: str, text: str) -> None:  # noqa: ARG002 - the key is enough here
        """Replace the text of a comment."""
        self.calls.send("PATCH", self._path(f"issues/comments/{key}"), {"body": text})

    def issues(self, title: str) -> Iterator[Posted]:
        """Give the open issues of a title that are of whoever signs in; a pull request is an issue too, and left out.

        Anybody may open one of that title, with our mark in it, and then edit and close it.
        """
        for each in self._all("issues", state="open"):
            if each["title"] == title and "pull_request" not in each and self._is_own(each):
                yield _posted(each)

    def open_issue(self, title: str, text: str) -> Posted:
        """Open an issue."""
        return _posted(self.calls.send("POST", self._path("issues"), {"title": title, "body": text}))

    def edit_issue(self, number: int, text: str) -> None:
        """Replace the text of an issue."""
        self.calls.send("PATCH", self._path(f"issues/{number}"), {"body": text})

    def close_issue(self, number: int, text: str) -> None:
        """Close an issue, with a last word."""
        self.add_comment(number, text)
        done = {"state": "closed", "state_reason": "completed"}
        self.calls.send("PATCH", self._path(f"issues/{number}"), done)

    def pull_requests(self, branch: str, *, closed: bool = False) -> Iterator[Posted]:
        """Give the open pull requests of a branch of this repository; with `closed` all of them.

        `owner:branch` is also a branch of that name in a fork of the same owner's, which others may write to.
        """
        owner, state = self.repository.partition("/")[0], "all" if closed else "open"
        for each in self._all("pulls", state=state, head=f"{owner}:{branch}"):
            if ((each["head"].get("repo") or {}).get("full_name") or "").lower() == self.repository.lower():
                yield _posted(each)

    def open_pull_request(self, branch: str, base: str, title: str, text: str) -> Posted:
        """Offer a branch to be merged into `base`."""
        body = {"head": branch, "base": base, "title": title, "body": text}
        return _posted(self.calls.send("POST", self._path("pulls"), body))

    @cached_property
    def _login(self) -> str:
        try:
            return str(self.calls.get("user")["login"])
        except ReadOnlyError:
            return ACTIONS

    def _is_own(self, posted: Any) -> bool:
        return bool((posted.get("user") or {}).get("login") == self._login)

    def _path(self, path: str) -> str:
        return f"repos/{quote(self.repository)}/{path}"

    def _all(self, path: str, **parameters: str) -> Iterator[Any]:
        page = 1
        while True:
            found = self.calls.get(self._path(path), per_page=PAGE, page=page, **parameters)
            if not isinstance(found, list):
                raise ForgeError(f"{self.calls.url} answers {path} with no list. See what is there: GITHUB_API_URL")
            yield from found
            if len(found) < PAGE:
                return
            page += 1


def repository_of(remote: str) -> str | None:
    """Tell `owner/name` from the address of a remote on GitHub; None where it is elsewhere."""
    found = REMOTE.match(remote)
    return found.group(1) if found else None


def _posted(answer: Any) -> Posted:
    return Posted(number=answer["number"], url=answer["html_url"], text=answer.get("body") or "")
