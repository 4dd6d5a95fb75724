"""The documentation site in a real Chromium with the network cut; skipped until `make docs` has built it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

HTML = Path(__file__).resolve().parents[2] / "out" / "site" / "html"
PAGES = (
    "index.html",
    "kyiv-uk.html",
    "tutorials/02_spread_and_cold.html",
    "tutorials/07_whole_country.html",
    "api/Estimate.summary.html",
    "api/Place.html",
    "record.html",
    "events.html",
    "events/kyiv-2026-01-24.html",
    "gallery.html",
    "parameters.html",
)

pytestmark = pytest.mark.skipif(not (HTML / "index.html").is_file(), reason="the site is not built (make docs)")


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=request.param, offline=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation_and_nothing_is_fetched_from_outside(page: Page, name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed (make browser)")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((HTML / name).as_uri())
    found = axe.Axe().run(page).response
    assert len(found["passes"]) > 20
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]] == []
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_a_phone(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto((HTML / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
