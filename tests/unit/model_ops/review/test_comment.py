"""The comment: the first lines decide, what others wrote is text, and it fits where GitHub takes one."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from model_ops import printable
from model_ops.markdown import block, code, link, words
from model_ops.review.comment import LIMIT, comment
from tests.unit.model_ops.review import changes

RENDERER = MarkdownIt("commonmark", {"html": True}).enable("table")
SAID = "@team #7 https://evil.example www.evil.example <img src=x onerror=y> `"
NASTY = st.text(alphabet=st.sampled_from("`|\\<>&[]()!*_~#@-+=:\"'\n\t xX1\x1b\u202e"), max_size=24)


class Page(HTMLParser):
    """The elements of a rendered comment, and its text outside and inside code."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.code, self.text, self._within = "", "", 0
        self.feed(RENDERER.render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within += tag == "code"
        if tag not in ("code", "pre"):
            self.elements.append(f"{tag} {[name for name, _ in attrs]}")

    def handle_endtag(self, tag: str) -> None:
        self._within -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self._within:
            self.code += data
        else:
            self.text += data


@settings(max_examples=40, deadline=None)
@given(said=st.one_of(NASTY, st.text(max_size=40)).map(lambda text: f"{text}{SAID}{text}"))
@example(said=f"```\n</details>\n\n# x {SAID}")
@example(said=f"</code></summary><script>x</script> \\| | {SAID}")
def test_whatever_others_wrote_the_comment_has_the_elements_that_it_would_have_without(said: str) -> None:
    page = Page(comment(changes.review(said=said)))

    assert page.elements == Page(comment(changes.review(said=f"x {SAID}"))).elements
    assert "@team" not in page.text
    assert "evil.example" not in page.text
    assert "@team #7 https://evil.example" in page.code


@settings(max_examples=40, deadline=None)
@given(text=st.one_of(NASTY, st.text(max_size=60)))
def test_a_text_as_code_is_read_as_it_was_written(text: str) -> None:
    shown = printable.line(text)
    for page in (Page(code(text)), Page(f"| a | b |\n| --- | --- |\n| {code(text)} | c |")):
        assert page.code.strip() == " ".join(shown.split("\n")).strip()
        assert [each for each in page.elements if each.startswith(("img", "a", "script"))] == []


@settings(max_examples=40, deadline=None)
@given(text=st.one_of(NASTY, st.text(max_size=60)))
def test_a_block_holds_its_lines_and_nothing_after_it_is_swallowed(text: str) -> None:
    page = Page(f"{block(text)}\n\nafter")
    assert page.text.strip() == "after"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "", "//evil.example", "ftp://x"])
def test_an_address_that_is_no_page_is_no_link(address: str) -> None:
    assert "a" not in [each.split()[0] for each in Page(link("run", address)).elements]


def test_an_address_does_not_end_before_it_ends() -> None:
    assert link("run", "https://host/a) [b](https://evil.example") == (
        "[`run`](https://host/a%29%20[b]%28https://evil.example)"
    )


@pytest.mark.parametrize("text", ["a_b 7 → 6: it is older", "not all of it could be seen"])
def test_a_sentence_of_ours_stays_a_sentence(text: str) -> None:
    assert words(text) == text


@pytest.mark.parametrize("text", ["@team", "#7", "_x_", "a `b`", "see www.x", "GH-7", "0123456789abcdef", "<b>"])
def test_a_sentence_in_which_something_counts_is_shown_as_code(text: str) -> None:
    assert words(text) == code(text)


def test_a_review_that_is_too_long_leaves_out_what_is_least_needed_and_says_so() -> None:
    models = tuple(changes.model("long " * 40, f"m{number}") for number in range(80))
    text = comment(changes.review(changes.stack(models=models)))

    assert len(text) <= LIMIT
    assert "Left out here for its length" in text
    assert "Checks of version 6" in text
    assert "Dependencies of m0" not in text.partition("Left out")[0]


def test_first_lines_that_are_too_long_alone_are_cut_between_blocks_and_it_is_said() -> None:
    stacks = [changes.stack("`" * 200 + "\n\n" * 20, f"stack-{number}") for number in range(300)]
    text = comment(changes.review(*stacks))

    assert len(text) <= LIMIT
    assert "Left out here" in Page(text).text


def test_a_change_of_no_stack_is_nothing_to_review() -> None:
    empty = changes.verdict.whole("origin/main", "0123456789abcdef", ())
    assert comment(empty).startswith("### Nothing to review\n")
