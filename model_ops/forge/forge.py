"""What a place where pull requests live can do, told alike for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment under a pull request."""

    key: str
    """How the place calls it; what `edit_comment` takes."""
    text: str
    own: bool
    """Whether whoever signs in here wrote it: no other's is ever edited."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """An issue or a pull request that is open."""

    number: int
    url: str
    text: str | None = None
    """None where it is not told."""


class Forge(Protocol):
    """The calls that the commands need; each raises ForgeError where the place refuses or does not answer."""

    comment_limit: int
    """Characters that a comment may have."""
    issue_limit: int
    """Characters that an issue's text may have."""
    issue_shows_markdown: bool
    """Whether an issue and its last word are read as Markdown; else what they hold is shown as it is."""
    request_limit: int
    """Characters that the text of a pull request may have."""

    def comments(self, number: int) -> Iterator[Comment]:
        """Give the comments under a pull request."""

    def add_comment(self, number: int, text: str) -> Comment:
        """Write a comment under a pull request."""

    def edit_comment(self, number: int, key: str, text: str) -> None:
        """Replace the text of a comment."""

    def issues(self, title: str) -> Iterator[Posted]:
        """Give the open issues of a title that whoever signs in here wrote."""

    def open_issue(self, title: str, text: str) -> Posted:
        """Open an issue."""

    def edit_issue(self, number: int, text: str) -> None:
        """Replace the text of an issue."""

    def close_issue(self, number: int, text: str) -> None:
        """Close an issue, with a last word."""

    def pull_requests(self, branch: str, *, closed: bool = False) -> Iterator[Posted]:
        """Give the open pull requests of a branch here, no fork's; with `closed` those closed or merged too."""

    def open_pull_request(self, branch: str, base: str, title: str, text: str) -> Posted:
        """Offer a branch to be merged into `base`."""
