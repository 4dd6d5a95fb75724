"""The page in a real Chromium with the network cut."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import pytest

import energy_impact as ei
from tests.browser.contrast import CONTRASTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

PHONE, DESK = 360, 1280

SCROLLED = """() => new Promise(done => {
  const area = document.activeElement;
  area.addEventListener('scroll', () => done());
  if (area.scrollLeft > 0) done();
})"""
"""Waits until the focused area has been scrolled."""


@dataclass
class Watched:
    """What a page did besides showing itself."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def _hostile() -> ei.Estimate:
    """A place, an event and a figure with names that are markup, and very long ones."""
    name = "<script>alert(1)</script>" + "x" * 200
    place = ei.Place(name, timezone="Europe/Kyiv", heat_buildings=4000, power_customers=(3e5, 4e5))
    event = ei.Event("2026-01-20T00:00Z", kind="storm", name='"><img src=https://a.example/x onerror=alert(1)>')
    figure = {
        "id": "</style><svg onload=alert(1)>" + "y" * 200,
        "time": "2026-01-20T08:00Z",
        "place": name,
        "value": 900,
        "quantity": "heat_buildings_out",
        "qualifier": "over",
        "kind": "stock",
        "source": "https://a.example/" + "z" * 300,
        "claimed_by": "<b>",
        "note": "<link rel=stylesheet href=https://a.example/s.css>",
    }
    scenario = ei.Scenario("2026-01-19T00:00Z", 96, place, events=[event], figures=[figure], title=name)
    return ei.estimate(scenario, members=16, rng=1)


@pytest.fixture(scope="module", params=["demo", "hostile", "uk"])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "hostile":
        estimate = _hostile()
    else:
        estimate = ei.estimate(ei.load_scenario("kyiv-2026-01-24"), members=16, rng=1)
    language = "uk" if request.param == "uk" else "en"
    return estimate.report(tmp_path_factory.mktemp("page") / "report.html", language=language)


@pytest.fixture(scope="module")
def offline(browser: Browser) -> Iterator[BrowserContext]:
    """A window of the width of a phone, without a network."""
    context = browser.new_context(viewport={"width": PHONE, "height": 740}, offline=True)
    context.route(lambda address: not address.startswith("file:"), lambda route: route.abort())
    yield context
    context.close()


@pytest.fixture
def watched(offline: BrowserContext, file: Path) -> Iterator[Watched]:
    """The page; whatever it asks for besides itself is noted."""
    seen = Watched(offline.new_page())
    seen.page.on("console", lambda message: seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on("dialog", lambda dialog: (seen.complaints.append(dialog.message), dialog.dismiss()))
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.goto(file.as_uri(), wait_until="load")
    yield seen
    seen.page.close()


def test_it_asks_for_nothing_and_complains_of_nothing(watched: Watched, file: Path) -> None:
    watched.page.wait_for_load_state("networkidle")
    assert watched.requests == [file.as_uri()]
    assert watched.complaints == []
    assert watched.page.evaluate("document.querySelectorAll('script, img, link, iframe').length") == 0


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nothing_is_wider_than_the_window(watched: Watched, width: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": 800})
    for folded in (False, True):
        if folded:
            watched.page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_against_what_is_behind_it(watched: Watched, scheme: Literal["light", "dark"]) -> None:
    watched.page.emulate_media(color_scheme=scheme)
    back = watched.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (back == "rgb(255, 255, 255)") == (scheme == "light")
    found = watched.page.evaluate(CONTRASTS)
    assert len(found) > 200
    assert [text for ratio, text in found if ratio < 4.5] == []


def test_headings_stand_in_order(watched: Watched) -> None:
    levels = watched.page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper - higher <= 1 for higher, deeper in pairwise(levels))


def test_a_screen_reader_finds_names_for_pictures_tables_and_areas(watched: Watched) -> None:
    watched.page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    tables = watched.page.locator("table").count()
    assert watched.page.get_by_role("region").filter(has=watched.page.locator("> table")).count() == tables
    assert watched.page.get_by_role("img").count() == watched.page.locator("svg").count() > 0
    tree = watched.page.locator("body").aria_snapshot()
    assert len(re.findall(r"^ *- '?img \"\S", tree, re.MULTILINE)) == watched.page.locator("svg").count()
    assert len(re.findall(r"^ *- '?table \"\S", tree, re.MULTILINE)) == tables
    assert {"- main:", "- banner:", "- contentinfo:"} <= set(tree.splitlines())
    assert re.search('^- navigation "(Contents|Зміст)":$', tree, re.MULTILINE)


def test_the_keyboard_reaches_the_content_and_scrolls_a_table(watched: Watched) -> None:
    page = watched.page
    page.keyboard.press("Tab")
    skip = {"en": "Skip to the content", "uk": "Перейти до основного вмісту"}
    assert page.evaluate("document.activeElement.textContent") == skip[page.evaluate("document.documentElement.lang")]
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"
    page.locator(".scroll").filter(has=page.locator("#check-caption")).focus()
    page.keyboard.press("ArrowRight")
    page.evaluate(SCROLLED)


def test_a_table_wider_than_a_phone_says_so_and_every_column_can_be_read(watched: Watched) -> None:
    watched.page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    found = watched.page.evaluate(
        """() => [...document.querySelectorAll('.scroll')].map(area => [
          area.scrollWidth > area.clientWidth, area.classList.contains('wide'),
          getComputedStyle(area.querySelector('caption span'), '::after').content.includes('\u2192'),
          Math.min(...[...area.querySelectorAll('tr:first-child > *')].map(cell => cell.getBoundingClientRect().width))
        ])"""
    )
    assert len(found) > 5
    for overflows, wide, says, narrowest in found:
        assert says == wide
        assert wide or not overflows
        assert narrowest >= 60


@pytest.mark.parametrize("name", ["kyiv-2026-01-24", "kyiv-2026-02-03"])
def test_so_is_the_brief_report_in_ukrainian(browser: Browser, tmp_path: Path, name: str) -> None:
    run = ei.estimate(ei.load_scenario(name), members=64, rng=1)
    page = browser.new_page()
    page.goto(run.report(tmp_path / "brief.html", brief=True, language="uk").as_uri())
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))) <= 2
    page.close()


@pytest.mark.parametrize("name", ["kyiv-2026-01-24", "kharkiv-2026-02-03", "belgorod-2026-02-13"])
def test_the_brief_report_is_at_most_two_pages_of_paper(browser: Browser, tmp_path: Path, name: str) -> None:
    run = ei.estimate(ei.load_scenario(name), members=64, rng=1)
    page = browser.new_page()
    page.goto(run.report(tmp_path / "brief.html", brief=True).as_uri())
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2
    text = page.inner_text("main")
    for heading in ("In short", "Night by night", "What would help most", "What is not known"):
        assert heading in text
    for jargon in ("members", "for good", "none stands against", "horizon"):
        assert jargon not in page.inner_text("body")
    page.close()


def test_print_shows_what_is_folded_away(watched: Watched) -> None:
    priors = watched.page.locator("#priors-caption")
    assert not priors.is_visible()
    watched.page.emulate_media(media="print", color_scheme="dark")
    assert watched.page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 26, 26)"
    assert priors.is_visible()
    assert not watched.page.locator("nav").is_visible()
