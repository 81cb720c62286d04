"""A real Chromium, as the tests of the pages drive it: what it loads, what it complains of, what axe finds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW = "there is no Chromium here; `make browser` installs Debian's, or says how"
RULES = {"resultTypes": ["violations"]}


@dataclass
class Sight:
    """A page as it is shown, and what became known of it meanwhile."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def violations(self) -> list[str]:
        """What axe has against it, one rule a line, with the element that breaks it first."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]

    @property
    def overhang(self) -> int:
        """By how many pixels it is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    @property
    def text(self) -> str:
        return str(self.page.inner_text("main"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start it; without one the tests are skipped, and in CI they fail."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HOW)
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=root)
        yield browser
        browser.close()


@contextmanager
def shown(
    browser: Browser,
    file: Path,
    *,
    width: int = 1200,
    scheme: Literal["light", "dark"] = "light",
    script: bool = True,
) -> Iterator[Sight]:
    """Open a page of this machine in a window of that many pixels."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
    )
    sight = Sight(context.new_page())
    sight.page.on("request", lambda request: sight.requests.append(request.url))
    sight.page.on("console", lambda message: sight.complaints.append(message.text))
    sight.page.on("pageerror", lambda error: sight.complaints.append(str(error)))
    sight.page.goto(file.as_uri())
    try:
        yield sight
    finally:
        context.close()
