"""Two displays of a reading in one page, in a real Chromium with the network cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import energy_impact as ei
from energy_impact.text import grammar
from tests.browser.contrast import CONTRASTS
from tests.text.invented import MORNING, NOON, candidate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

TEXT = (
    "<script>document.title = 'run'</script>Some 6,200 apartment blocks have no heating.\n\n"
    "\u05e9\u05dc\u05d5\u05dd 1.3 million consumers, \u202e750,000\u202c of them in Oldhaven. <img src=https://a.example/x>"
)
DARK = "<style>body { background: #111; color: #eee; } table { color: #eee; } td { background: #222; }</style>"


def _reading(patch: pytest.MonkeyPatch) -> ei.Reading:
    found = (
        candidate(TEXT, "6,200", "heat_buildings_out", 6200, reason="<b>heat</b>"),
        candidate(TEXT, "1.3 million", "power_customers_out", 1.3e6, place=None),
        candidate(TEXT, "750,000", "power_customers_out", 7.5e5, place="x" * 200, time=None, confidence=0.4),
        candidate(TEXT, "750,000", "power_customers_out", 9e5, place="Oldhaven", time=MORNING),
    )
    patch.setattr(grammar, "find_candidates", lambda _, **__: found)
    return ei.read_text(TEXT, published=NOON, source="Post").accept("post-1")


@pytest.fixture(scope="module", params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A notebook with the same reading shown twice, in a window of the width of a phone, without a network."""
    with pytest.MonkeyPatch.context() as patch:
        shown = "".join(_reading(patch)._repr_html_() for _ in range(2))
    file: Path = tmp_path_factory.mktemp("reading") / "notebook.html"
    style = DARK if request.param == "dark" else ""
    file.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>notebook</title>{style}<h2>Cell</h2>{shown}", "utf-8")
    context = browser.new_context(viewport={"width": 360, "height": 740}, offline=True)
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda asked: opened.asked.append(asked.url))
    opened.goto(file.as_uri(), wait_until="networkidle")
    yield opened
    context.close()


def test_markup_of_the_article_neither_runs_nor_loads(page: Page) -> None:
    assert page.title() == "notebook"
    assert len(page.asked) == 1
    assert page.evaluate("document.querySelectorAll('script, img, b').length") == 0


def test_every_text_can_be_read_against_what_is_behind_it(page: Page) -> None:
    found = [(ratio, text) for ratio, text in page.evaluate(CONTRASTS) if text != "Cell"]
    assert len(found) > 80
    assert [text for ratio, text in found if ratio < 4.5] == []


def test_nothing_is_wider_than_the_window(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_mark_leads_to_its_row_and_back_in_the_display_that_it_is_in(page: Page) -> None:
    second = page.locator(".energy-impact-reading").nth(1)
    second.locator("mark a").nth(1).click()
    row = second.locator("th a:target")
    assert row.text_content() == "2"
    row.click()
    assert second.locator("mark a:target").text_content() == "1.3 million[2?]"


def test_a_screen_reader_finds_headings_table_and_header_cells(page: Page) -> None:
    tree = page.locator(".energy-impact-reading").first.aria_snapshot()
    assert 'heading "Figures found: 1 accepted, 1 to confirm, 2 to check" [level=3]' in tree
    assert '- table "Candidates, in the order of the text; times on the clocks of the place"' in tree
    assert '- columnheader "Read as"' in tree
    assert '- rowheader "1"' in tree
    assert "alert" not in tree


def test_a_number_keeps_the_order_of_its_digits(page: Page) -> None:
    """Where the article turns the direction of its text around, 750,000 must not be seen as 000,057."""
    digits = "[...document.querySelectorAll('mark.to-check a')][1].firstChild"
    left = [
        page.evaluate(
            f"(() => {{ const r = document.createRange(); r.setStart({digits}, {n}); r.setEnd({digits}, {n + 1});"
            "return r.getBoundingClientRect().left; })()"
        )
        for n in range(7)
    ]
    assert left == sorted(left)
