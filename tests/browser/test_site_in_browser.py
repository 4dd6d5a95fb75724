"""The documentation site in a real Chromium with the network cut.

Skipped until `make docs` has built it; `make accessible` fails without it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

HTML = Path(__file__).resolve().parents[2] / "out" / "site" / "html"
CHOSEN = (
    "index.html",
    "kyiv.html",
    "kyiv-brief.html",
    "kyiv-uk.html",
    "kyiv-brief-uk.html",
    "search.html",
    "seeds.html",
    "tutorials/02_spread_and_cold.html",
    "tutorials/06_from_text.html",
    "tutorials/07_whole_country.html",
    "api/Estimate.summary.html",
    "api/Place.html",
    "record.html",
    "events.html",
    "events/kyiv-2026-01-24.html",
    "gallery.html",
    "parameters.html",
)
"""One page of each kind; with ALL_PAGES set, as `make accessible` does, all that were built are checked."""
BUILT = sorted(str(path.relative_to(HTML).as_posix()) for path in HTML.rglob("*.html"))
ALL = bool(os.environ.get("ALL_PAGES"))
PAGES = BUILT if ALL else CHOSEN
OPEN = "document.querySelectorAll('details').forEach(part => { part.open = true; })"

pytestmark = pytest.mark.skipif(not BUILT and not ALL, reason="the site is not built (make docs)")


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=request.param, offline=True)
    yield context.new_page()
    context.close()


def test_the_chosen_pages_are_of_the_site() -> None:
    assert sorted(set(CHOSEN) - set(BUILT)) == []


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation_and_nothing_is_fetched_from_outside(page: Page, name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed (make browser)")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((HTML / name).as_uri())
    page.evaluate(OPEN)
    found = axe.Axe().run(page).response
    assert len(found["passes"]) > 20
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]] == []
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("page", ["light"], indirect=True)
@pytest.mark.parametrize("width", [1160, 1280, 1400])
def test_the_tables_of_the_record_show_all_columns_on_a_desk(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((HTML / "record.html").as_uri())
    hidden = "[...document.querySelectorAll('.table-wrapper')].map(table => table.scrollWidth - table.clientWidth)"
    assert len(page.evaluate(hidden)) >= 5
    assert max(page.evaluate(hidden)) <= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("page", ["light"], indirect=True)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_a_phone(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto((HTML / name).as_uri())
    page.evaluate(OPEN)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
