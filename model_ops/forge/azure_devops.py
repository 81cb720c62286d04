"""Azure DevOps, by its REST API: https://learn.microsoft.com/rest/api/azure/devops.

A comment is the first one of a thread under the pull request, and an issue is a work item.
"""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from model_ops.errors import ForgeError
from model_ops.forge.calls import Calls
from model_ops.forge.forge import Comment, Posted

VERSION = "7.1"
TAG = "rollpin"
"""The tag of the work items that are ours: no other's is edited or closed."""
PATCH = "application/json-patch+json"
VARIABLES = ("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "BUILD_REPOSITORY_NAME")


@dataclass(frozen=True)
class AzureDevOps:
    """One repository of a project in Azure DevOps."""

    calls: Calls
    project: str
    repository: str
    item: str = "Issue"
    """The type of the work items that are opened; `ROLLPIN_WORK_ITEM` names another, for a process that lacks it."""
    comment_limit = 150_000
    issue_limit = 100_000
    issue_shows_markdown = False
    request_limit = 4_000

    @classmethod
    def at(cls, token: str, environment: Mapping[str, str]) -> AzureDevOps:
        """The repository that a pipeline's variables name; raises ForgeError where one is missing."""
        if lacks := [name for name in VARIABLES if not environment.get(name)]:
            raise ForgeError(f"SYSTEM_ACCESSTOKEN is set, and not what names the repository: {', '.join(lacks)}")
        url, project, repository = (environment[name] for name in VARIABLES)
        signed = b64encode(f":{token}".encode()).decode()
        calls = Calls(url=url, headers={"Authorization": f"Basic {signed}", "Accept": "application/json"})
        return cls(calls, project, repository, environment.get("ROLLPIN_WORK_ITEM") or "Issue")

    def comments(self, number: int) -> Iterator[Comment]:
        """Give the first comment of every thread under a pull request."""
        for thread in self.calls.get(self._git(f"pullRequests/{number}/threads"), **_version())["value"]:
            for each in thread.get("comments", ())[:1]:
                own = (each.get("author") or {}).get("id") == self._identity
                yield Comment(key=f"{thread['id']}/comments/{each['id']}", text=each.get("content") or "", own=own)

    def add_comment(self, number: int, text: str) -> Comment:
        """Begin a thread under a pull request; it is closed, so that it does not hold up the merge."""
        comment = {"parentCommentId": 0, "content": text, "commentType": "text"}
        body = {"comments": [comment], "status": "closed"}
        thread = self._write("POST", self._git(f"pullRequests/{number}/threads"), body)
        return Comment(key=f"{thread['id']}/comments/{thread['comments'][0]['id']}", text=text, own=True)

    def edit_comment(self, number: int, key: str, text: str) -> None:
        """Replace the text of a comment."""
        self._write("PATCH", self._git(f"pullRequests/{number}/threads/{key}"), {"content": text})

    def issues(self, title: str) -> Iterator[Posted]:
        """Give the open work items of a title that are ours."""
        conditions = [
            "[System.TeamProject] = @project",
            f"[System.Title] = {_quoted(title)}",
            f"[System.Tags] CONTAINS {_quoted(TAG)}",
            f"[System.State] <> {_quoted(self._completed)}",
        ]
        # WIQL is no SQL: it only reads, as the caller, and the two texts in it are quoted.
        query = " ".join(["SELECT [System.Id] FROM WorkItems WHERE", " AND ".join(conditions)])
        found = self._write("POST", self._items("wiql"), {"query": query})
        yield from (self._item(each["id"]) for each in found["workItems"])

    def open_issue(self, title: str, text: str) -> Posted:
        """Open a work item."""
        fields = {"Title": title, "Description": _preformatted(text), "Tags": TAG}
        made = self._write("POST", self._items(f"workitems/${quote(self.item)}"), _fields(fields), PATCH)
        return self._item(made["id"])

    def edit_issue(self, number: int, text: str) -> None:
        """Replace the text of a work item."""
        self._patch(number, {"Description": _preformatted(text)})

    def close_issue(self, number: int, text: str) -> None:
        """Complete a work item, with a last word in its history."""
        self._patch(number, {"History": _preformatted(text), "State": self._completed})

    def pull_requests(self, branch: str, *, closed: bool = False) -> Iterator[Posted]:
        """Give the open pull requests of a branch of this repository; with `closed` all of them.

        A branch of that name in a fork is asked for as well by this, and is left out.
        """
        status = "all" if closed else "active"
        asked = {"searchCriteria.sourceRefName": f"refs/heads/{branch}", "searchCriteria.status": status}
        found = self.calls.get(self._git("pullrequests"), **_version(), **asked)
        yield from (self._request(each) for each in found["value"] if not each.get("forkSource"))

    def open_pull_request(self, branch: str, base: str, title: str, text: str) -> Posted:
        """Offer a branch to be merged into `base`."""
        refs = {"sourceRefName": f"refs/heads/{branch}", "targetRefName": f"refs/heads/{base}"}
        body = {**refs, "title": title, "description": text}
        return self._request(self._write("POST", self._git("pullrequests"), body))

    @cached_property
    def _identity(self) -> str:
        return str(self.calls.get("_apis/connectionData")["authenticatedUser"]["id"])

    @cached_property
    def _completed(self) -> str:
        """The state of a finished work item, which each process names in its own way."""
        states = self.calls.get(self._items(f"workitemtypes/{quote(self.item)}/states"), **_version())["value"]
        return next((each["name"] for each in states if each.get("category") == "Completed"), "Closed")

    def _patch(self, number: int, fields: Mapping[str, str]) -> None:
        self._write("PATCH", self._items(f"workitems/{number}"), _fields(fields), PATCH)

    def _write(self, method: str, path: str, body: Any, kind: str = "application/json") -> Any:
        return self.calls.send(method, f"{path}?api-version={VERSION}", body, **{"Content-Type": kind})

    def _request(self, answer: Any) -> Posted:
        place = f"{quote(self.project)}/_git/{quote(self.repository)}/pullrequest/{answer['pullRequestId']}"
        return Posted(number=answer["pullRequestId"], url=f"{self.calls.url.rstrip('/')}/{place}")

    def _item(self, number: int) -> Posted:
        return Posted(number=number, url=f"{self.calls.url.rstrip('/')}/{quote(self.project)}/_workitems/edit/{number}")

    def _git(self, path: str) -> str:
        return f"{quote(self.project)}/_apis/git/repositories/{quote(self.repository)}/{path}"

    def _items(self, path: str) -> str:
        return f"{quote(self.project)}/_apis/wit/{path}"


def _version() -> dict[str, str]:
    return {"api-version": VERSION}


def _quoted(text: str) -> str:
    """A text as WIQL has it: a quote in it is doubled."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _preformatted(text: str) -> str:
    return f"<pre>{html.escape(text)}</pre>"


def _fields(fields: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"op": "add", "path": f"/fields/System.{name}", "value": value} for name, value in fields.items()]
