"""Comments that are edited in place, and issues of which there is one for each title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from model_ops import printable
from model_ops.errors import UnsureError
from model_ops.forge.forge import Comment, Forge, Posted
from model_ops.forge.text import COMMENT, PLACE_FOR_WORDS, fenced, fitted, issue_mark, one_line

Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Body:
    """A text to post: as Markdown, or plain, which is shown as it is; and the page that has the whole of it."""

    text: str
    plain: bool = False
    url: str | None = None

    def marked(self, mark: str, limit: int) -> str:
        """The text under the mark, within the limit."""
        fit = (fenced if self.plain else fitted)(self.text, limit - len(mark) - PLACE_FOR_WORDS, self.url)
        run = f"\n[The run that says so]({self.url})\n" if self.url and self.plain else ""
        return "\n".join(each for each in (mark, fit + run) if each)

    def bare(self, limit: int) -> str:
        """The text for a place without Markdown, within the limit: no mark, no fence, and the run's address in full."""
        run = f"\n\nThe run that says so: {self.url}" if self.url else ""
        shown = printable.text(self.text).rstrip() or "(nothing was printed)"
        return fitted(shown, limit - len(run), self.url, begin="This is cut").rstrip() + run


def comment_in_place(forge: Forge, number: int, body: Body) -> bool:
    """Write the comment under a pull request, over the one that is there; says whether it is new. Raises ForgeError."""
    if renew_comment(forge, number, body):
        return False
    once(lambda: _own(forge, number), lambda: forge.add_comment(number, body.marked(COMMENT, forge.comment_limit)))
    return True


def renew_comment(forge: Forge, number: int, body: Body) -> bool:
    """Write over the comment that is there; says whether there is one, and writes none otherwise. Raises ForgeError."""
    found = _own(forge, number)
    if found:
        forge.edit_comment(number, found.key, body.marked(COMMENT, forge.comment_limit))
    return found is not None


def keep_issue(forge: Forge, title: str, body: Body) -> tuple[Posted, bool]:
    """Open the issue of a title, or renew the one that is open; says whether it is new. Raises ForgeError."""
    title = one_line(title)
    text = _for_issue(forge, body, issue_mark(title), forge.issue_limit)
    if found := _issue(forge, title):
        forge.edit_issue(found.number, text)
        return found, False
    return once(lambda: _issue(forge, title), lambda: forge.open_issue(title, text)), True


def close_issue(forge: Forge, title: str, body: Body) -> Posted | None:
    """Close the issue of a title with a last word; None where none is open. Raises ForgeError."""
    found = _issue(forge, one_line(title))
    if found is not None:
        forge.close_issue(found.number, _for_issue(forge, body, "", forge.comment_limit))
    return found


def once(find: Callable[[], Made | None], make: Callable[[], Made]) -> Made:
    """Make something of which there is to be one; where it is not known whether it was made, look before another try.

    Raises ForgeError.
    """
    try:
        return make()
    except UnsureError:
        found = find()
        return make() if found is None else found


def _own(forge: Forge, number: int) -> Comment | None:
    return next((each for each in forge.comments(number) if each.own and each.text.startswith(COMMENT)), None)


def _for_issue(forge: Forge, body: Body, mark: str, limit: int) -> str:
    return body.marked(mark, limit) if forge.issue_shows_markdown else body.bare(limit)


def _issue(forge: Forge, title: str) -> Posted | None:
    """The open issue of a title that is ours; a work item has no place for a mark, and is ours by its tag."""
    found = (each for each in forge.issues(title) if each.text is None or issue_mark(title) in each.text)
    return next(found, None)
