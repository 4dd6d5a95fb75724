import dataclasses
import math
import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

import energy_impact as ei
from energy_impact._language import speaking
from energy_impact.places import Place
from energy_impact.results.estimate import Estimate
from energy_impact.results.figure_fit import FigureFit
from energy_impact.results.record import track_record
from energy_impact.results.report import document, sentences
from energy_impact.results.report.front import gaps
from energy_impact.results.report.markup import element, escape, linked
from energy_impact.results.report.svg import SIZE, curve_svg, draw_small
from energy_impact.results.tables.summary import UNKNOWN, Interval, SummaryRow, summary_rows
from energy_impact.scenario import Event, EventRate, Scenario, Shortage, Truce

SCRIPT = "<script>alert(1)</script>"
HOSTILE = (SCRIPT, '"><img src=x onerror=alert(1)>', "</style></title><b>&amp;", r"$\frac{$ 5$", "bell \u202e\u2067 x")
"""Names that would be markup, mathematics or unreadable if they were not shown as they are."""


class Page(HTMLParser):
    """A page as a flat list of elements, each with its attributes and all text inside it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[int] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag != "meta":
            self.open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for index in self.open:
            self.elements[index][2].append(data)

    def all(self, *tags: str) -> list[tuple[str, dict[str, str | None], str]]:
        return [(tag, given, "".join(text)) for tag, given, text in self.elements if tag in tags]

    def texts(self, tag: str) -> list[str]:
        return [text for _, _, text in self.all(tag)]


def write(estimate: Estimate, level: float = 0.9) -> str:
    return document.document(estimate, summary_rows(estimate, level), level=level)


@pytest.fixture(scope="module")
def read(estimate: Estimate) -> Page:
    return Page(write(estimate))


@pytest.fixture(scope="module")
def hostile(make_estimate: Callable[..., Estimate]) -> Estimate:
    """Every text of a scenario is hostile."""
    name, identity, note, event, source = HOSTILE
    place = Place(name, timezone="Europe/Kyiv", heat_buildings=12_000)
    figure = {
        "id": identity,
        "time": "2026-01-20T08:00Z",
        "place": name,
        "quantity": "heat_buildings_out",
        "value": 5000,
        "qualifier": "about",
        "kind": "stock",
        "source": source,
        "note": note,
        "claimed_by": name,
        "event": event,
    }
    hit = Event("2026-01-20T00:00Z", kind="attack", name=event, duration_h=6, places=[name])
    scenario = Scenario("2026-01-19T00:00Z", 96, place, events=[hit], figures=[figure], name=identity, title=note)
    one = np.full((3, 1), 5000.0)
    fit = FigureFit((identity,), np.array([True]), ("",), one, -one, np.array([0.75]))
    return make_estimate(
        scenario=scenario,
        figure_fit=fit,
        available=(("heat_buildings_out", name),),
        fit_text=identity,
        fit_warnings=(name,),
        priors=make_estimate().priors.assign(name=name, source=note, places=name),
    )


def test_there_is_one_first_heading_and_no_level_is_left_out(read: Page) -> None:
    levels = [int(tag[1]) for tag, _, _ in read.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert max(np.diff(levels)) == 1
    assert read.texts("h1") == ["City, one strike"]


def test_the_page_has_landmarks_and_a_way_past_the_contents(read: Page) -> None:
    tags = Counter(tag for tag, _, _ in read.elements)
    assert [tags[tag] for tag in ("html", "header", "nav", "main", "footer")] == [1] * 5
    first = read.all("a")[0]
    assert first[1]["href"] == f"#{read.all('main')[0][1]['id']}"
    assert len([given for _, given, _ in read.all("section") if "aria-labelledby" in given]) == 6
    assert read.all("html")[0][1]["lang"] == "en"


def test_every_table_has_a_caption_and_headers_of_columns_and_rows(read: Page) -> None:
    tables = len(read.all("table"))
    assert tables == len(read.all("caption")) == len(read.all("thead")) >= 8
    assert all(text.strip() for text in read.texts("caption"))
    assert {given["scope"] for _, given, _ in read.all("th")} == {"col", "row"}
    areas = [given for _, given, _ in read.all("div") if "scroll" in str(given.get("class")).split()]
    assert len(areas) == tables
    assert all(given["tabindex"] == "0" and given["role"] == "region" for given in areas)


def test_every_name_that_is_pointed_to_is_there_once(read: Page) -> None:
    names = [given["id"] for _, given, _ in read.elements if "id" in given]
    assert len(names) == len(set(names))
    pointed = [
        str(given[key])
        for _, given, _ in read.elements
        for key in ("aria-labelledby", "aria-describedby")
        if key in given
    ]
    pointed += [str(given["href"])[1:] for _, given, _ in read.all("a", "use") if str(given["href"]).startswith("#")]
    pointed += re.findall(r"url\(#([^)]+)\)", " ".join(str(given) for _, given, _ in read.elements))
    assert set(pointed) <= set(names)


def test_every_picture_has_a_name_and_says_what_it_shows(read: Page) -> None:
    texts = {str(given.get("id")): "".join(text) for _, given, text in read.elements}
    pictures = read.all("svg")
    assert len(pictures) == 2
    for _, given, _ in pictures:
        assert given["role"] == "img"
        name, description = (texts[str(given[key])] for key in ("aria-labelledby", "aria-describedby"))
        assert name in {"City: buildings without district heat", "City: accounts without power"}
        assert "90 % interval" in description


def test_nothing_is_loaded_and_nothing_runs(read: Page, estimate: Estimate) -> None:
    tags = {tag for tag, _, _ in read.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "image", "audio", "video", "base", "form"}
    for tag, given, _ in read.elements:
        assert not [name for name in given if name.startswith("on") or name in {"src", "srcset", "poster", "data"}]
        assert tag == "a" or not str(given.get("href", "#")).startswith("http")
    text = write(estimate)
    assert "@import" not in text
    assert set(re.findall(r"url\((.)", text)) == {"#"}
    policy = [given["content"] for _, given, _ in read.all("meta") if "http-equiv" in given]
    assert policy[0].startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_addresses_are_links_that_tell_nothing_of_the_page() -> None:
    assert linked("a <https://a.example/?x=1&y=2>, javascript:alert(1)") == (
        'a &lt;<a href="https://a.example/?x=1&amp;y=2" rel="noreferrer">https://a.example/?x=1&amp;y=2</a>&gt;, '
        "javascript:alert(1)"
    )


def test_only_markup_is_not_escaped() -> None:
    assert element("p", SCRIPT, element("b", "x"), title='"') == (
        '<p title="&quot;">&lt;script&gt;alert(1)&lt;/script&gt;<b>x</b></p>\n'
    )
    assert escape(escape("<")) == "&lt;"


def test_hostile_names_stay_text_wherever_they_stand(hostile: Estimate) -> None:
    text = write(hostile)
    read = Page(text)
    tags = {tag for tag, _, _ in read.elements}
    assert not tags & {"script", "img"}
    assert not [name for _, given, _ in read.elements for name in given if name.startswith("on")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    shown = "".join(read.texts("body"))
    assert all(name in shown for name in HOSTILE)
    assert "<bdi>\u202e\u2067</bdi>" in text
    assert read.texts("title")[0] == f"{HOSTILE[2]}: fitted"
    assert any(SCRIPT in text for text in read.texts("h3"))
    assert SCRIPT in read.texts("svg")[0]


def test_dollars_in_a_name_are_no_mathematics(hostile: Estimate) -> None:
    place = hostile.scenario.places[0].name
    svg = curve_svg(hostile, ("heat_buildings_out", place), levels=(0.5, 0.9), name="x", title="", description="")
    assert HOSTILE[3] in [found.text for found in ET.fromstring(svg).iter("text")]
    hostile.plot().canvas.draw()


def test_letters_that_the_measuring_font_lacks_are_left_to_the_reader(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    figures = scenario.figures.assign(event=None)
    named = scenario.replace(events=[Event("2026-01-20T00:00Z", kind="storm", name="寒波")], figures=figures)
    svg = curve_svg(
        make_estimate(scenario=named), ("heat_buildings_out", "City"), levels=(0.9,), name="x", title="", description=""
    )
    assert "寒波" in svg


@pytest.mark.parametrize("code", ["en", "uk"])
@pytest.mark.parametrize("quantity", ["heat_buildings_out", "power_customers_out"])
def test_no_text_of_a_small_curve_is_cut_off_or_lies_on_another(estimate: Estimate, quantity: str, code: str) -> None:
    figure = Figure(figsize=SIZE, layout="constrained")
    with speaking(code):
        draw_small(estimate, (quantity, "City"), (0.5, 0.9), figure)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    box, page = axes.get_tightbbox(), figure.bbox
    assert page.x0 <= box.x0
    assert box.x1 <= page.x1
    assert page.y0 <= box.y0
    assert box.y1 <= page.y1
    numbers = Bbox.union([tick.get_window_extent() for tick in axes.get_yticklabels()])
    times = Bbox.union([tick.get_window_extent() for tick in axes.get_xticklabels()])
    assert axes.yaxis.label.get_window_extent().x1 < numbers.x0
    assert axes.xaxis.label.get_window_extent().y1 < times.y0


def test_a_small_curve_between_two_full_hours_has_no_time_and_is_drawn(make_estimate: Callable[..., Estimate]) -> None:
    place = Place("City", timezone="Europe/Kyiv", heat_buildings=12_000)
    short = Scenario("2026-01-19T10:10+02:00", 0.5, place, step_h=0.5)
    run = make_estimate(scenario=short, figure_fit=None, curves=lambda *_: np.ones((3, 2), np.float32))
    svg = curve_svg(run, ("heat_buildings_out", "City"), levels=(0.9,), name="x", title="", description="")
    assert not any(":" in (text.text or "") for text in ET.fromstring(svg).iter("text"))


def test_the_same_run_gives_the_same_bytes(estimate: Estimate, tmp_path: Path) -> None:
    one, two = (estimate.report(tmp_path / name) for name in ("one.html", "two.html"))
    assert one.read_bytes() == two.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["one.html", "two.html"]


def test_a_level_that_is_none_is_refused_and_nothing_is_written(estimate: Estimate, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"level: must be between 0 and 1, got 1\.5"):
        estimate.report(tmp_path / "page.html", level=1.5)
    assert not list(tmp_path.iterdir())


def test_the_level_is_told(estimate: Estimate) -> None:
    text = write(estimate, 0.8)
    assert "80 % interval" in text
    assert "(90 % interval" not in text


def test_the_page_says_how_often_bands_held_on_real_outages(estimate: Estimate) -> None:
    held = [text for text in Page(write(estimate)).texts("p") if "real outages that the priors had not seen" in text]
    assert held == [f"How often such bands held: {track_record()}"]


def test_the_first_sentence_answers_in_the_time_of_the_place(estimate: Estimate) -> None:
    heat, power = sentences.answers(estimate, summary_rows(estimate, 0.9), level=0.9)
    assert heat.first == (
        "About 4,200 buildings (90 % interval 2,580 to 5,010) still without district heat in City in the early hours "
        "of Wednesday, 21 January; half are expected back by Wednesday afternoon, 21 January (the early hours "
        "of Wednesday, 21 January, to Thursday afternoon, 22 January)."
    )
    assert heat.more == (
        "Nine tenths are expected back by Thursday afternoon, 22 January (Wednesday afternoon, 21 January, to "
        "after the early hours of Friday, 23 January).",
        "The peak since the attack of 20 January is about 6,000 (6,000 to 6,000).",
    )
    assert power.first.startswith(
        "About 420,000 accounts (90 % interval 258,000 to 501,000) still without power in City"
    )


def _heat(make_estimate: Callable[..., Estimate], scenario: Scenario, draws: np.ndarray, time: str) -> str:
    """Return the answer for curves of heat when a figure speaks last at `time`."""
    last = scenario.figures.iloc[:1].assign(time=pd.Timestamp(time))
    told = make_estimate(
        scenario=scenario.replace(figures=last),
        figure_fit=None,
        available=(("heat_buildings_out", "City"),),
        curves=lambda *_: draws.astype(np.float32),
    )
    return sentences.answers(told, summary_rows(told, 0.9), level=0.9)[0].sentences


def test_what_is_back_already_is_told_as_past(make_estimate: Callable[..., Estimate], scenario: Scenario) -> None:
    draws = np.tile(np.interp(np.arange(97), [24, 30, 90], [0, 6000, 0]), (3, 1))
    told = _heat(make_estimate, scenario, draws, "2026-01-22T18:00Z")
    assert told.startswith("No buildings without district heat in City on Thursday evening, 22 January; half were back")


def test_what_is_not_back_within_the_horizon_has_no_time(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    told = _heat(make_estimate, scenario, np.full((3, 97), 6000.0), "2026-01-20T18:00Z")
    assert "half are not expected back before the early hours of Friday, 23 January." in told
    assert "About 6,000 buildings (90 % interval 6,000 to 6,000) without district heat" in told


def test_few_that_may_be_out_are_not_told_as_none(make_estimate: Callable[..., Estimate], scenario: Scenario) -> None:
    draws = np.full((3, 97), 0.2)
    draws[2] = 10
    told = _heat(make_estimate, scenario, draws, "2026-01-20T18:00Z")
    assert told.startswith(
        "Probably no buildings without district heat (90 % interval up to 9) in City on Tuesday evening"
    )


def test_degrees_have_their_sign(make_estimate: Callable[..., Estimate]) -> None:
    people = np.full((3, 97), 900, np.float32)
    estimate = make_estimate(figure_fit=None, available=(("people_below_16c", "City"),), curves=lambda *_: people)
    cold = Page(write(estimate))
    assert "City: residents in homes below 16 °C" in cold.texts("h3")
    assert "residents in homes below 16 °C" in cold.texts("td")


def test_large_and_small_priors_are_written_as_people_write_them(make_estimate: Callable[..., Estimate]) -> None:
    priors = make_estimate().priors.assign(median=1_391_234.0, spread=0.0654321)
    cells = Page(write(make_estimate(priors=priors))).texts("td")
    assert {"1,390,000", "0.0654"} <= set(cells)
    assert [cell for cell in cells if "e+" in cell] == []


def test_shares_and_hours_read_as_such() -> None:
    now = Interval(0.0, 0.25, 0.5)
    shed = SummaryRow("City", "power_share_shed", "share", "figure", 1.0, now, now, UNKNOWN, UNKNOWN, UNKNOWN, math.nan)
    hours = shed._replace(quantity="hours_off_per_day", unit="h/day")
    assert sentences._now(shed, 0.9) == "About 25 % (90 % interval 0 % to 50 %) of demand cut for lack of supply"
    assert sentences._now(hours, 0.9) == (
        "About 0.25 hours per day (90 % interval 0 to 0.5) without power by rolling cuts"
    )


def test_every_figure_stands_beside_what_the_fit_made_of_it(read: Page, hostile: Estimate) -> None:
    rows = [re.sub(r"\s+", " ", text) for text in read.texts("tr")]
    (share,) = [row for row in rows if row.startswith("share")]
    assert "almost 50 %" in share
    assert "40 % (38 % to 42 %)" in share
    assert "yes" in share
    assert "25 %" in share
    assert share.strip().endswith("mayor")
    (dead,) = [row for row in rows if row.startswith("dead")]
    assert "not used: context" in dead
    assert Page(write(hostile)).texts("strong")[-1] == "75 %, doubted"


def test_what_is_unknown_is_called_unknown(make_estimate: Callable[..., Estimate]) -> None:
    read = Page(write(make_estimate(seed=None)))
    (city,) = [row for row in read.texts("tr") if row.startswith("CityEurope/Kyiv")]
    assert city.strip().endswith("12,000unknownunknownnone")
    (strike,) = [row for row in read.texts("tr") if row.startswith("first strike")]
    assert strike.count("unknown") == 4
    assert any(text.startswith("unknown: another run") for text in read.texts("dd"))
    assert any(text.startswith("Unknown: no temperature was published") for text in read.texts("p"))


@pytest.mark.parametrize(
    ("status", "words"), [("figures contradict", "doubted figures"), ("prior only", "assumptions alone")]
)
def test_a_status_that_warns_is_told_before_all_else(
    make_estimate: Callable[..., Estimate], status: str, words: str
) -> None:
    read = Page(write(make_estimate(status=status, fit_text="Why.")))
    (box,) = [text for _, given, text in read.all("div") if given.get("class") == "status alarm"]
    assert box.startswith(f"Status: {status}. Why.")
    assert words in box
    assert "look twice" in box
    assert box in read.texts("header")[0]


def test_without_figures_and_events_the_page_says_so(make_estimate: Callable[..., Estimate]) -> None:
    place = Place("City", timezone="Europe/Kyiv", heat_buildings=12_000, power_customers=1e6)
    calm = make_estimate(scenario=Scenario("2026-01-19T00:00Z", 96, place), figure_fit=None, status="prior only")
    told = Page(write(calm)).texts("p")
    assert "No figure was given." in [text.strip() for text in told]
    assert "The scenario has no events." in [text.strip() for text in told]


def test_what_may_come_is_told_with_its_chances(make_estimate: Callable[..., Estimate], scenario: Scenario) -> None:
    rate = EventRate(kind="attack", per_week=2, end="2026-01-22T00:00Z", drones=400)
    truce = Truce("2026-01-21T00:00Z", "2026-01-22T00:00Z", claimed_by=SCRIPT, reduces=0.9, holds=0.5)
    read = Page(write(make_estimate(scenario=scenario.replace(new_events=[rate], truces=[truce]))))
    (attack,) = [text for text in read.texts("tr") if text.startswith("attack")]
    assert attack.strip() == (
        "attack21 January 2026, 02:0022 January 2026, 02:00all2 per week, each 6 h, missiles unknown, drones 400"
    )
    (told,) = [text for text in read.texts("tr") if text.startswith("truce")]
    terms = "covers strikes on energy, holds with a probability of 50 % and then prevents 90 % of the attacks"
    assert f"announced by {SCRIPT}, {terms}" in told
    assert "What may come" in read.texts("h3")


def test_what_is_missing_is_told_with_its_reason(make_estimate: Callable[..., Estimate], scenario: Scenario) -> None:
    coal = Shortage("power", 0.125, start="2026-01-21T00:00Z", end="2026-01-22T00:00Z", reason=SCRIPT)
    read = Page(write(make_estimate(scenario=scenario.replace(shortages=[coal]))))
    (told,) = [text for text in read.texts("tr") if "12.5 %" in text]
    assert told.strip() == f"power12.5 %21 January 2026, 02:0022 January 2026, 02:00all{SCRIPT}"
    assert "What is missing" in read.texts("h3")
    assert "What is missing" not in Page(write(make_estimate(scenario=scenario))).texts("h3")


def test_late_spares_and_ballistic_missiles_are_told(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    (event,) = scenario.events
    attack = dataclasses.replace(event, duration_h=6, missiles=9, ballistic_missiles=4, spares_late_h=48)
    told = write(make_estimate(scenario=scenario.replace(events=[attack])))
    assert "9, 4 ballistic" in told
    assert "6 h, spare parts 48 h late" in told


def test_conditions_of_places_are_told(make_estimate: Callable[..., Estimate], scenario: Scenario) -> None:
    city = Place(
        "City",
        timezone="Europe/Kyiv",
        heat_buildings=12_000,
        power_customers=(1_000_000, 1_200_000),
        near_front=True,
        power_needs_heat=0.25,
    )
    read = Page(write(make_estimate(scenario=scenario.replace(places=city))))
    assert [text for text in read.texts("td") if text == "near front, power needs heat 25 %"]


def test_figures_that_contradict_are_listed(make_estimate: Callable[..., Estimate], scenario: Scenario) -> None:
    first = scenario.figures[scenario.figures["id"] == "exact"]
    clash = make_estimate(
        scenario=scenario.replace(figures=pd.concat([first, first.assign(id="other", value=3000.0)])), figure_fit=None
    )
    (row,) = [text for text in Page(write(clash)).texts("tr") if text.startswith("contradict")]
    assert "exact 5,900 against exact 3,000" in row


def test_without_title_and_name_the_page_says_where_and_after_what(tmp_path: Path) -> None:
    storms = [Event(f"2026-01-{day}T23:30Z", kind="storm") for day in (19, 20, 25)]
    town = Place("Town", power_customers=9_000, timezone="Europe/Oslo")
    count = {"quantity": "power_customers_out", "value": 900, "qualifier": "about", "kind": "stock"}
    known = [count | {"id": "first", "time": "2026-01-21T06:00Z", "place": "Town", "source": "council"}]
    for events, title in (([], "Town"), (storms, "Town after the storm of 21 January")):
        run = ei.estimate(Scenario("2026-01-19T00:00Z", 200, town, events=events, figures=known), members=16, rng=1)
        page = Page(run.report(tmp_path / "page.html", brief=True).read_text(encoding="utf-8"))
        assert page.texts("h1") == [title]
        assert run.plot().get_suptitle() == title


def test_the_weather_in_doubt_is_that_of_the_place_that_is_spoken_of() -> None:
    places = [ei.Place(name, power_customers=9000) for name in ("Near", "Far")]
    figure = dict.fromkeys(("kind", "source"), "stock") | {"id": "frost", "time": "2026-01-19T12:00Z", "place": "Near"}
    figure |= {"quantity": "air_temperature_c", "value": -9, "qualifier": "about"}
    storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=3)
    run = ei.simulate(ei.Scenario("2026-01-19T00:00Z", 24, places, events=[storm], figures=[figure]), members=8, rng=1)
    near, far = run.scenario.air_temperature()[1].max(axis=0)
    assert near < far - 2
    for place, spread in (("Near", near), ("Far", far)):
        assert f"by up to {2 * spread:.0f} °C either way" in " ".join(gaps(run, place))


def test_what_only_restates_an_estimated_count_is_not_told_as_missing(tmp_path: Path) -> None:
    storm = Event("2026-01-19T06:00Z", kind="storm", duration_h=3)
    scenario = Scenario("2026-01-19T00:00Z", 24, Place("Town", power_customers=9_000), events=[storm])
    page = Page(ei.simulate(scenario, members=8, rng=1).report(tmp_path / "page.html").read_text(encoding="utf-8"))
    (missing,) = [text for text in page.texts("li") if text.startswith("Not estimated in this run")]
    assert "buildings without power" not in missing
    assert "buildings without district heat" in missing
    assert any(row.startswith("stormstorm19 January 2026, 06:00") for row in page.texts("tr"))


def test_a_page_of_one_place_speaks_of_that_place_alone(tmp_path: Path) -> None:
    sizes = {"power_customers": 20_000, "residents": 40_000}
    land = Place("Land", parts=[Place(name, **sizes) for name in ("Ashe", "Birk")], timezone="Europe/Oslo")
    count = {"time": "2026-01-19T12:00Z", "quantity": "power_customers_out", "qualifier": "about", "kind": "stock"}
    figures = [
        count | {"id": place, "place": place, "value": value, "source": place}
        for place, value in {"Ashe": 9_000, "Birk": 1_000}.items()
    ]
    storm = Event("2026-01-19T06:00Z", kind="storm", duration_h=3)
    run = ei.estimate(Scenario("2026-01-19T00:00Z", 72, land, events=[storm], figures=figures), members=64, rng=1)
    for place, others in {"Birk": ("Ashe", "Land"), "Land": ("Ashe", "Birk")}.items():
        page = Page(run.report(tmp_path / "page.html", brief=True, places=[place]).read_text(encoding="utf-8"))
        asked = [text for text in page.texts("p") if text.startswith("Ask the")]
        front = " ".join(text for text in [*page.texts("p"), *page.texts("li")] if text not in asked)
        assert f"people in {place} are without power" in front
        assert not [other for other in others if other in front]
