"""The source of the site: every public name has a page and an example that runs, every picture is in the gallery."""

from __future__ import annotations

import doctest
import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.figures.figure import COLUMNS
from energy_impact.figures.qualifiers import ORDERS

SITE = Path(__file__).resolve().parents[2] / "docs" / "site"


@pytest.fixture(scope="module")
def reference():
    return _module("reference_pages")


@pytest.fixture(scope="module")
def pages():
    return _module("pages")


def _module(name):
    sys.path.insert(0, str(SITE))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(SITE))


def test_every_public_name_has_a_page_and_a_first_line(reference):
    named = reference.api_pages()
    public = [name for name in ei.__all__ if name != "__version__"]
    assert [name for name in public if f"{name}.md" not in named] == []
    assert [name for name, thing in reference.public_names().items() if not reference.first_line(thing)] == []


def test_the_examples_are_of_public_names(reference):
    assert sorted(set(reference.examples()) - set(reference.public_names())) == ["Set-up"]


@pytest.mark.parametrize("owner", sorted({*ei.__all__} - {"__version__"}))
def test_every_public_name_has_an_example_that_runs_when_pasted_alone(reference, owner, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for name, thing in reference.public_names().items():
        if name.split(".")[0] == owner:
            test = doctest.DocTestParser().get_doctest(reference.example(name, thing), {}, name, None, None)
            assert runner.run(test).attempted > 0, name
    assert runner.failures == 0


def test_every_picture_is_in_the_gallery(reference):
    gallery = _module("gallery")
    code = "\n".join(map(gallery.shown_code, gallery.entries()))
    drawing = [name.split(".")[1] for name in reference.public_names() if ".plot" in name]
    assert len(gallery.entries()) >= len(drawing) >= 7  # classes share the name `plot`
    assert [name for name in drawing if f".{name}(" not in code] == []


def test_the_code_of_the_gallery_runs_and_is_short(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gallery = _module("gallery")
    for entry in gallery.entries():
        code = gallery.shown_code(entry).replace("members=512", "members=8")
        assert len(code.splitlines()) <= 12
        exec(compile(code, entry.__name__, "exec"), {})
        (tmp_path / "picture.png").unlink()


def test_the_range_of_a_prior_holds_nine_tenths_of_it(reference):
    rng = np.random.default_rng(1)
    normal = rng.standard_normal(200_000)
    draws = {
        "log": 3 * np.exp(0.5 * normal),
        "logit": 1 / (1 + np.exp(-(np.log(0.2 / 0.8) + 0.7 * normal))),
        "normal": 5 + 2 * normal,
    }
    for scale, (median, spread) in {"log": (3, 0.5), "logit": (0.2, 0.7), "normal": (5, 2)}.items():
        low, high = reference.range_of(scale, median, spread)
        assert np.mean((low < draws[scale]) & (draws[scale] < high)) == pytest.approx(0.9, abs=0.003)


def test_a_large_end_of_a_range_is_written_in_full(reference):
    page = reference.parameters_page()
    row = next(line for line in page.splitlines() if line.startswith("| `lost_h_power` |"))
    assert "| 130 to 1,300 |" in row
    assert "e+" not in page


def test_the_axis_of_a_wording_holds_what_the_word_allows():
    gallery = _module("gallery")
    for word, (least, most) in ORDERS.items():
        low, high = gallery.shown_range(word)
        assert least / 2 < low < least < most < high < 2 * most
    assert gallery.shown_range("over") == gallery.VIEW
    assert gallery.shown_range("none")[1] < 60  # of a stock of 6,000


def test_the_page_on_files_has_every_column():
    page = (SITE / "files.md").read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"| `{name}` |" not in page] == []


def test_names_in_texts_lead_to_their_pages(pages):
    text = "See `docs/model.md` and `ei.priors()`.\n```\n`docs/model.md`\n```\n"
    linked = pages.linked(text, {"docs/model.md": "model.md"})
    assert linked.startswith("See [`docs/model.md`](model.md) and [`ei.priors()`](api/priors.md).\n```\n`docs/")


def test_the_check_of_the_site_sees_broken_links_anchors_and_requests(tmp_path):
    (tmp_path / "a.html").write_text('<a href="b.html#here">x</a><a href="https://example.org">y</a><p id="top">')
    (tmp_path / "b.html").write_text('<p id="here"><a href="a.html#top">x</a><img src="a.html">')
    check = _module("check")
    assert check.faults(tmp_path) == []
    (tmp_path / "b.html").write_text('<img src="https://example.org/x.png"><a href="c.html">x</a><a href="#no">y</a>')
    (tmp_path / "s.css").write_text("@import url(https://example.org/font.css);")
    (tmp_path / "t.html").write_text("<pre>&lt;Figure size 640x480 with 1 Axes&gt;</pre>")
    assert [fault.split(" ", 1)[1] for fault in check.faults(tmp_path)] == [
        "b.html#here leads to no anchor",
        "#no leads to no anchor",
        "c.html leads to no file",
        "https://example.org/x.png is fetched from outside",
        "https://example.org/font.css is outside",
        "picture is shown as text",
    ]


@pytest.mark.parametrize(
    ("text", "unbroken"),
    [
        ("held 90 % (50 %: 51 %)", "held 90\N{NO-BREAK SPACE}% (50\N{NO-BREAK SPACE}%: 51\N{NO-BREAK SPACE}%)"),
        ("0.054 ± 0.004", "0.054\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}0.004"),
        ("at -13 °C in 12 towns", "at -13\N{NO-BREAK SPACE}°C in 12 towns"),
    ],
)
def test_a_number_stays_on_one_line_with_its_sign(pages, text, unbroken):
    assert pages.unbroken(text) == unbroken


@pytest.fixture(scope="module")
def figure_pages():
    return _module("figure_pages")


def test_every_shipped_figure_is_shown_as_it_was_worded_with_its_source(figure_pages):
    page = figure_pages.figures_page()
    for folder in (SITE.parents[1] / "seeds", SITE.parents[1] / "seeds" / "outages"):
        figures = pd.read_csv(folder / "figures.csv")
        assert [name for name in figures["id"] if f'id="{name}"' not in page] == []
        cited = pd.read_csv(folder / "sources.csv").set_index("id")["address"].loc[figures["source"].unique()].dropna()
        assert [address for address in cited if address.startswith("http") and f"]({address})" not in page] == []
    line = next(line for line in page.splitlines() if 'id="ukraine-power-out-2026-01-24"' in line)
    assert "| at least 1,200,000 | stock |" in line


def test_what_is_no_address_is_no_link(figure_pages):
    assert figure_pages.source_link("article text, address not kept") == "article text, address not kept"
    assert figure_pages.source_link("lug-info.com (as above)") == "lug-info.com (as above)"
    assert figure_pages.source_link("a.example/x; https://b.example/y (Friday)") == (
        "[a.example](https://a.example/x); [b.example](https://b.example/y) (Friday)"
    )


def test_a_figure_of_the_record_leads_to_its_row(record_pages):
    page = record_pages.record_pages()["events/kyiv-2026-01-24.md"]
    assert '<a href="../figures.html#kyiv-heat-out-2026-01-24">' in page


@pytest.fixture(scope="module")
def record_pages():
    return _module("record_pages")


def test_every_event_of_the_record_has_a_page_with_every_forecast(record_pages):
    rows = pd.read_csv(SITE.parent / "record.csv")
    pages = record_pages.record_pages()
    for event, mine in rows.groupby("event"):
        page = pages[f"events/{event}.md"]
        assert f"events/{event}.md" in pages["events.md"]
        assert page.count("<circle") == len(mine)
        assert page.split("## When")[0].count("\n| ") == len(mine) + 2
        sources = {source for source in mine["source"].dropna() if source.startswith("http")}
        assert [source for source in sources if f"]({source})" not in page] == []


def test_a_page_of_the_record_shows_the_figure_as_it_was_published(record_pages):
    figures = pd.read_csv(SITE.parents[1] / "seeds" / "figures.csv").set_index("id")
    value = figures.loc["kyiv-heat-out-2026-01-24", "value"]
    page = record_pages.record_pages()["events/kyiv-2026-01-24.md"]
    line = next(line for line in page.splitlines() if "kyiv-heat-out-2026-01-24" in line)
    assert f" {value:,.0f} " in line


def test_the_page_of_an_event_says_what_its_picture_spans_and_what_is_empty(record_pages):
    page = record_pages.record_pages()["events/kyiv-2026-01-24.md"]
    rows = pd.read_csv(SITE.parent / "record.csv")
    largest = rows.loc[rows["event"] == "kyiv-2026-01-24", ["q95", "truth"]].to_numpy().max()
    assert f'<text x="60" y="12">share of the largest figure, 0 to {largest:.3g}</text>' in page
    assert '"Came" is empty where' in page.split("## When nine tenths are back")[1]


def test_the_picture_of_an_event_has_its_dot_inside_the_band_if_the_band_held(record_pages):
    rows = pd.read_csv(SITE.parent / "record.csv")
    for _, mine in list(rows.groupby("event"))[::9]:
        drawn = record_pages.picture(mine)
        bands = re.findall(r'class="wide" x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
        dots = re.findall(r'circle cx="([\d.]+)"', drawn)
        for (low, width), dot, held, truth in zip(bands, dots, mine["inside90"], mine["truth"], strict=True):
            if truth == 0:  # "all is back" is held by a band that comes near it
                continue
            depth = min(float(dot) - float(low), float(low) + float(width) - float(dot))
            assert depth > -0.2 if held else depth < 0.2  # [px]
