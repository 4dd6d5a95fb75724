from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import energy_impact as ei
from tests.text.invented import NOON, candidate

HOSTILE = '</style><script>alert(1)</script><img src=x onerror="alert(2)"> 6,200 blocks \x1b[31m \u202e000,6'


class Seen(HTMLParser):
    """Tags, attributes and the text of a page, as a browser takes them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def hostile(found) -> ei.Reading:
    found[HOSTILE] = [
        candidate(
            HOSTILE, "6,200", "heat_buildings_out", 6200, place="<b>Town", reason="<svg onload=alert(3)>", note="<i>"
        )
    ]
    return ei.read_text(HOSTILE, published=NOON, source="<u>Post")


def test_markup_in_a_text_stays_text(hostile):
    seen = Seen(hostile._repr_html_())
    assert not {"script", "img", "svg", "b", "i", "u"} & set(seen.tags)
    assert not {name for name in seen.attributes if name.startswith("on") or name in {"src", "style"}}
    for words in ("<script>alert(1)</script>", "<b>Town", "<svg onload=alert(3)>", "<u>Post"):
        assert words in seen.text


def test_no_character_hides_or_turns_what_stands_there(hostile):
    shown = Seen(hostile._repr_html_()).text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert "\ufffd[31m \ufffd000,6" in shown


def test_text_and_table_are_linked_both_ways(reading):
    seen = Seen(reading._repr_html_())
    assert len(set(seen.ids)) == len(seen.ids)
    targets = [link.removeprefix("#") for link in seen.links]
    assert set(targets) <= set(seen.ids)
    key = targets[0].rsplit("-row-", 1)[0]
    for number in (1, 2, 3):
        assert {f"{key}-row-{number}", f"{key}-text-{number}"} <= set(targets)


def test_two_displays_share_no_id(reading):
    first, second = (set(Seen(reading._repr_html_()).ids) for _ in range(2))
    assert not first & second


def test_the_state_of_a_mark_is_a_sign_and_not_its_colour_alone(reading):
    page = reading.accept("morning-post-1")._repr_html_()
    assert re.findall(r'<mark class="([\w-]+)">.*?<sup>(.*?)</sup>', page) == [
        ("accepted", "[1 ✓]"),
        ("to-check", "[2?]"),
        ("to-check", "[3?]"),
    ]


def test_all_of_the_text_is_there_in_its_order(reading):
    shown = re.sub(r"\[\d[ ✓?]*\]", "", Seen(reading._repr_html_()).text)
    assert reading.articles[0].text.strip() in shown


def test_figures_that_overlap_show_the_text_once(found):
    text = "from 200 to 300 blocks"
    found[text] = [
        candidate(text, "200 to 300", "heat_buildings_out", 200),
        candidate(text, "300 blocks", "heat_buildings_out", 300),
    ]
    shown = Seen(ei.read_text(text, published=NOON)._repr_html_()).text
    assert "from 200 to 300[1] blocks[2]" in shown


def test_a_long_text_is_shortened_between_its_figures_and_shows_so_many(found):
    text = "".join(f"{number} blocks. " + "word " * 900 for number in range(1000, 1400))
    found[text] = [candidate(text, str(n), "heat_buildings_out", n, time=None) for n in range(1000, 1400)]
    page = ei.read_text(text, published=NOON)._repr_html_()
    assert page.count("<mark") == 300
    assert "100 more are in .candidates" in page
    assert "see .conflicts()" in page
    assert len(page) < len(text) / 2


def test_repeats_and_questions_stand_below_the_table(found):
    text = "6,000 blocks, that is 6,010 blocks"
    found[text] = [
        candidate(text, "6,000", "heat_buildings_out", 6000),
        candidate(text, "6,010", "heat_buildings_out", 6010),
    ]
    shown = Seen(ei.read_text(text, published=NOON)._repr_html_()).text
    assert "Conflicts and repeats" in shown
    assert "[1] [2] same fact" in shown
    assert "Still to say" not in shown


@pytest.mark.usefixtures("found")
def test_a_text_without_figures_says_so():
    assert "No figure found" in Seen(ei.read_text("Nothing", published=NOON)._repr_html_()).text
