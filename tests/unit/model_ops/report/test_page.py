"""The pages: nobody's text is anything but text, nothing is loaded, and the same data makes the same page."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from model_ops.report.page import report_page
from model_ops.report.picture import Picture
from model_ops.report.review_page import review_page
from tests.pictures import HOSTILE, MADE, WORKSPACE, picture, review

PAGES = {
    "report": lambda word="chatbot": report_page(picture(word)),
    "review": lambda word="chatbot": review_page(review(word)),
}
LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "style"}


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the texts of its styles and scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.raw[self.cdata_elem] = self.raw.get(self.cdata_elem, "") + data


@pytest.fixture(params=PAGES)
def made(request):
    return PAGES[request.param]


def test_what_others_write_makes_no_element_and_no_attribute(made):
    plain, hostile = Elements(made()), Elements(made(HOSTILE))
    tags = [{tag for tag, _ in elements.found} for elements in (plain, hostile)]

    assert {"table", "svg"} <= tags[0]
    assert tags[1] - {"wbr"} == tags[0] - {"wbr"}
    assert not [name for _, attributes in hostile.found for name in attributes if name.startswith("on")]
    assert [tag for tag, _ in hostile.found].count("script") == 1


def test_what_others_write_is_shown_as_it_is(made):
    page = made(HOSTILE)

    assert "&lt;script&gt;window" in page
    assert "{{7*7}}" in page.replace("<wbr>", "")
    assert "\\u202e" in page
    assert not re.search("[\u202e\x1b]", page)


def test_a_page_loads_nothing(made):
    elements = Elements(made(HOSTILE))

    assert not [(tag, name) for tag, attributes in elements.found for name in attributes if name in LOADING]
    assert {tag for tag, _ in elements.found} & {"link", "img", "iframe", "object", "embed", "base", "form"} == set()
    assert not re.search(r"@import|url\((?!#)", elements.raw["style"])


def test_a_page_leads_to_pages_of_the_workspace_alone(made):
    links = [attributes["href"] or "" for tag, attributes in Elements(made()).found if tag in {"a", "use"}]

    assert links
    assert not [link for link in links if not link.startswith(("#", f"{WORKSPACE}"))]


def test_the_policy_allows_what_the_page_holds_and_nothing_else(made):
    elements = Elements(made())
    policy = next(found["content"] for tag, found in elements.found if tag == "meta" and "http-equiv" in found)
    rules = dict(rule.split(" ", 1) for rule in (policy or "").split("; "))

    for name, element in (("style-src", "style"), ("script-src", "script")):
        digest = base64.b64encode(hashlib.sha256(elements.raw[element].encode()).digest()).decode()
        assert rules.pop(name) == f"'sha256-{digest}'"
    assert set(rules.values()) == {"'none'"}
    assert "default-src" in rules


def test_the_same_data_makes_the_same_page(made):
    assert made() == made()
    assert made() != made("another")


def test_no_two_elements_of_a_page_have_the_same_id(made):
    ids = [attributes["id"] for _, attributes in Elements(made()).found if "id" in attributes]

    assert len(ids) > 10
    assert len(ids) == len(set(ids))


def test_every_plot_has_a_title_and_a_description_and_only_colours_of_the_page(made):
    page = made()
    plots = re.findall(r"<svg.*?</svg>", page, re.DOTALL)

    assert len(plots) >= 2
    for plot in plots:
        assert plot.count("<title id=") == plot.count("<desc id=") == 1
        assert not re.search(r"style=|#[0-9a-f]{6}\b", plot)


def test_a_report_says_what_could_not_be_asked_and_where_pins_drift():
    page = report_page(picture())

    assert "Stack prod cannot be asked: chatbot" in page
    assert "test, chatbot: the file pins 8" in page
    assert "Changed by hand since it was deployed" in page


def test_a_report_without_anything_to_draw_is_a_page_too():
    page = report_page(Picture(made=MADE, since=MADE, stacks=()))

    assert "Nothing was proven to serve in this time." in page
    assert "<svg" not in page
