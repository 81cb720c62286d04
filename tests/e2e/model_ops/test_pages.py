"""The pages in a real browser: a report of a stack that serves, a review, and both with hostile names in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from model_ops.cli import main
from model_ops.report.page import report_page
from model_ops.review import parts
from tests.e2e.model_ops.browser import chromium, shown
from tests.e2e.model_ops.workplace import MODEL, Workplace
from tests.pictures import HOSTILE, picture, review

PAGES = ("report", "review", "hostile-report", "hostile-review")
DESK, PHONE = 1200, 360
WINDOWS = [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")]
LOOKS = [(name, *window) for name in ("report", "review") for window in WINDOWS]
LOOKS += [("hostile-report", PHONE, "light"), ("hostile-review", PHONE, "light"), ("hostile-report", DESK, "dark")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def pages(browser: Browser, place: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with each page, made by the commands where a command makes it."""
    directory = tmp_path_factory.mktemp("pages")
    made = place.run("report", "--html", str(directory / "report.html"), stack=None)
    assert made.exit_code == 0, made.output
    for name, word in (("review", "chatbot"), ("hostile-review", HOSTILE)):
        parts.write(review(word), directory / f"{name}.json")
        words = ["review", "--join", str(directory / f"{name}.json"), "--html", str(directory / f"{name}.html")]
        assert CliRunner().invoke(main, words).exit_code == 1  # what it reviews is refused
    (directory / "hostile-report.html").write_text(report_page(picture(HOSTILE)), encoding="utf-8")
    return directory


@pytest.mark.parametrize(("name", "width", "scheme"), LOOKS)
def test_a_page_is_accessible_and_fits_and_asks_for_nothing(browser, pages, name, width, scheme):
    file = pages / f"{name}.html"
    with shown(browser, file, width=width, scheme=scheme) as sight:
        assert sight.overhang <= 0
        assert sight.violations == []
        assert sight.complaints == []
        assert sight.requests == [file.as_uri()]


@pytest.mark.parametrize("name", PAGES)
def test_all_of_a_page_can_be_read_without_a_script(browser, pages, name):
    with shown(browser, pages / f"{name}.html") as run, shown(browser, pages / f"{name}.html", script=False) as still:
        assert still.page.locator(".zoom").count() == 0
        assert run.page.locator("main tr").all_inner_texts() == still.page.locator("main tr").all_inner_texts()
        assert len(still.text) > 500
        assert still.page.locator("svg").count() == run.page.locator("svg").count() > 0


@pytest.mark.parametrize("name", ["hostile-report", "hostile-review"])
def test_what_others_write_runs_nothing_and_can_be_read(browser, pages, name):
    with shown(browser, pages / f"{name}.html") as sight:
        assert sight.page.evaluate("window.ran") is None
        assert "<script>window.ran=1</script>" in sight.text


def test_the_timeline_is_zoomed_and_the_page_stays_as_wide_as_it_is(browser, pages):
    with shown(browser, pages / "report.html") as sight:
        plot = sight.page.locator(".zoomable svg")
        before = plot.bounding_box()
        sight.page.get_by_role("button", name="Zoom in").click()
        after = plot.bounding_box()
        assert before
        assert after
        assert after["width"] > before["width"] * 1.4
        assert sight.overhang <= 0
        sight.page.get_by_role("button", name="Show all of it").click()
        assert plot.bounding_box() == before


def test_the_page_shows_what_the_commands_say(browser, pages, place):
    served = [str(each["served"]["version"]) for each in reversed(place.json("history"))]
    lineage = place.json("lineage", served[0])
    with shown(browser, pages / "report.html") as sight:
        rows = sight.page.get_by_role("table", name="What served of it").get_by_role("row")
        assert [row.split()[0] for row in rows.all_inner_texts()[1:]] == served
        origins = sight.page.get_by_role("table", name="Where its versions come from")
        assert lineage["run"]["name"] in origins.inner_text()
        assert lineage["run"]["run_id"] in (origins.get_by_role("link").nth(1).get_attribute("href") or "")
        assert "as pinned" in sight.page.get_by_role("table", name="Each model of each stack").inner_text()


def test_the_data_of_a_report_are_those_of_its_page(place):
    told = json.loads(place.run("report", "--json", stack=None).stdout)
    (stack,) = told["stacks"]
    (model,) = stack["models"]

    assert (model["name"], model["pinned"], model["serving"], model["as_pinned"]) == (MODEL, 2, "version 2", True)
    served = [each["served"]["version"] for each in place.json("history")]
    assert [each["version"] for each in model["periods"]] == served
    assert served[:2] == [1, 2]
    assert all(each["took"] for each in stack["rollouts"])
    assert place.home.token_file.read_text().strip() not in json.dumps(told)


def test_a_stack_that_cannot_be_asked_is_on_the_page_with_the_reason(serving: Workplace, tmp_path: Path):
    other = serving.directory / "Pulumi.gone.yaml"
    other.write_text("config: {}\n")
    try:
        done = serving.run("report", "--html", str(tmp_path / "report.html"), stack=None)
    finally:
        other.unlink()

    assert (done.exit_code, "not asked: gone. " in done.stderr) == (0, True)
    assert "Stack gone cannot be asked" in (tmp_path / "report.html").read_text()
