from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from energy_impact._data import seeds_folder
from energy_impact.figures.table import read_figures
from energy_impact.places import read_places
from energy_impact.quantities import QUANTITIES
from energy_impact.scenario import load_scenario, scenarios
from energy_impact.systems import STOCKS

SEEDS = seeds_folder()
ROOT = Path(__file__).parents[1]
ARTICLES = ROOT.parent / "shared" / "seeds"
COUNTED = (
    "dnipropetrovsk-2026-01-07",
    "kharkiv-2024-03-22",
    "kyiv-2022-11-23",
    "kyiv-2025-10-10",
    "kyiv-2026-01-09",
    "kyiv-2026-01-20",
    "kyiv-2026-01-31",
)
SCENARIOS = tuple(sorted((*COUNTED, "belgorod-2026-02-13", "kharkiv-2026-02-03", "kyiv-2026-01-24", "kyiv-2026-02-03")))
WORDS_IN_A_ROW = 8


def read_text_table(name: str) -> pd.DataFrame:
    return pd.read_csv(SEEDS / name, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return read_figures(SEEDS / "figures.csv").set_index("id")


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def test_every_source_of_a_figure_or_a_place_is_told(figures):
    known = set(read_text_table("sources.csv")["id"])
    assert set(figures["source"]) <= known
    assert set(read_text_table("places.csv")["source"]) <= known


def test_places_have_the_code_that_the_standard_gives_them_or_none():
    """As ISO 3166-2:UA lists them; it has no cities of a region."""
    known = dict(read_places(SEEDS / "places.csv"))
    for name in scenarios():
        known |= {place.name: place for root in load_scenario(name).places for place in root.walk()}
    regions = {"Dnipropetrovsk region": "UA-12", "Kharkiv region": "UA-63"}
    cities = {"Kyiv": "UA-30", "Odesa": "UA-51", "Sumy": "UA-59", "Chernihiv": "UA-74"}
    assert {name: place.code for name, place in known.items() if place.code} == regions | cities


def test_source_ids_are_unique_and_each_has_an_address_or_says_why_not():
    sources = read_text_table("sources.csv")
    assert sources["id"].is_unique
    without = sources[(sources["address"] == "") & (sources["id"] != "judgement")]
    assert without.empty, list(without["id"])


def test_all_five_articles_are_read(figures):
    sources = read_text_table("sources.csv")["id"]
    articles = set(sources[sources.str.startswith("article-")])
    assert len(articles) == 5
    assert articles <= set(figures["source"])


def test_figures_that_drive_the_model_are_of_shipped_places(figures):
    places = set(read_places(SEEDS / "places.csv"))
    places |= {part.name for name in COUNTED for root in load_scenario(name).places for part in root.walk()}
    driving = figures[[QUANTITIES[quantity].role != "context" for quantity in figures["quantity"]]]
    assert len(driving) >= 25
    assert set(driving["place"]) <= places


def test_statements_have_a_note_and_no_value(figures):
    statements = figures[figures["quantity"] == "context_statement"]
    assert statements["value"].isna().all()
    assert statements["note"].notna().all()


def test_times_are_in_the_zone_of_the_place():
    table = read_text_table("figures.csv")
    russian = table["place"].str.startswith(("Belgorod", "Bryansk")) | (table["claimed_by"] == "Kremlin")
    assert table.loc[russian, "time"].str.endswith("+03:00").all()
    for text in table.loc[~russian, "time"]:
        told = pd.Timestamp(text)
        assert told.utcoffset() == told.tz_convert("Europe/Kyiv").utcoffset(), text


def test_figures_hold_when_their_event_has_begun(figures):
    begins = {
        "20 January": "2026-01-20",
        "24 January": "2026-01-24",
        "3 February": "2026-02-03",
        "13 February": "2026-02-13",
        "7 January": "2026-01-07T22:00",
        "9 January": "2026-01-09",
        "23 November 2022": "2022-11-23T14:30",
        "10 October 2025": "2025-10-10T02:00",
        "22 March 2024": "2024-03-22T05:00",
        "31 January": "2026-01-31T10:42",
    }
    named = figures[figures["event"].notna()]
    assert set(named["event"]) == set(begins)
    for name, day in begins.items():
        times = named.loc[named["event"] == name, "time"]
        assert (times >= pd.Timestamp(day, tz="Europe/Kyiv")).all(), name


def test_the_munitions_of_24_january_stay_in_conflict(figures):
    total = figures.loc["ukraine-munitions-2026-01-24", "value"]
    parts = figures.loc[["ukraine-drones-2026-01-24", "ukraine-missiles-2026-01-24"], "value"]
    assert total == 396
    assert list(parts) == [370, 21]


def test_both_counts_of_the_injured_in_kyiv_are_kept(figures):
    kyiv = figures[
        (figures["place"] == "Kyiv") & (figures["quantity"] == "people_injured") & (figures["event"] == "24 January")
    ]
    assert {(q, v) for q, v in zip(kyiv["qualifier"], kyiv["value"], strict=True)} == {("at_least", 15), ("exact", 4)}


def test_the_growing_count_of_kharkiv_is_two_rows_in_time(figures):
    early, late = figures.loc["kharkiv-injured-2026-01-24"], figures.loc["kharkiv-injured-later-2026-01-24"]
    assert (early["value"], late["value"]) == (14, 19)
    assert early["time"] < late["time"]


def test_the_cold_of_3_february_is_told_four_ways(figures):
    kyiv = figures[
        (figures["place"] == "Kyiv")
        & (figures["quantity"] == "air_temperature_c")
        & (figures["time"] >= pd.Timestamp("2026-02-02", tz="UTC"))
    ]
    told = {(q, v) for q, v in zip(kyiv["qualifier"], kyiv["value"], strict=True)}
    assert told == {("exact", -19), ("about", -20), ("almost", -20), ("under", -20)}
    assert set(kyiv["kind"]) == {"minimum"}


def test_homes_and_buildings_of_kharkiv_are_one_unit(figures):
    drained, cut = figures.loc["kharkiv-drained-2026-02-03"], figures.loc["kharkiv-heat-cut-2026-02-03"]
    assert (drained["qualifier"], drained["value"]) == ("exact", 820)
    assert (cut["qualifier"], cut["value"]) == ("over", 800)
    assert {QUANTITIES[row["quantity"]].unit for row in (drained, cut)} == {"buildings"}


def test_ukraine_is_a_tree_and_belgorod_a_root_of_its_own():
    places = read_places(SEEDS / "places.csv")
    parts = [place.name for place in places["Ukraine"].leaves()]
    assert parts == ["Kyiv", "Kharkiv", "Sumy", "Chernihiv", "Odesa", "Rest of Ukraine"]
    assert places["Belgorod"].timezone == "Europe/Moscow"


def test_places_by_the_border_and_the_front_are_near_it():
    near = {name for name, place in read_places(SEEDS / "places.csv").items() if place.near_front}
    assert near == {"Kharkiv", "Sumy", "Belgorod"}


def test_both_tellings_of_the_truce_are_kept_and_the_attack_lies_between_their_ends(figures):
    scenario = load_scenario("kyiv-2026-02-03")
    kremlin, president = scenario.truces
    for truce, row in ((kremlin, "truce-days-kremlin-2026-02-01"), (president, "truce-days-kyiv-2026-01-30")):
        assert truce.claimed_by == figures.loc[row, "claimed_by"]
        assert (truce.end - truce.start).days == figures.loc[row, "value"] == 7
    assert kremlin.places == (figures.loc["truce-days-kremlin-2026-02-01", "place"],)
    assert president.places is None
    assert kremlin.end < scenario.events[0].time < president.end


@pytest.mark.parametrize("stock", [stock.name for stock in STOCKS.values() if stock.required])
def test_every_leaf_knows_every_stock(stock):
    for place in read_places(SEEDS / "places.csv").values():
        low, high = place.stock_range(stock)
        assert 0 < low < high


@pytest.mark.parametrize("name", ["Kyiv", "Kharkiv", "Sumy", "Chernihiv", "Odesa", "Rest of Ukraine", "Belgorod"])
def test_residents_an_account_are_plausible(name):
    place = read_places(SEEDS / "places.csv")[name]
    accounts, residents = sum(place.stock_range("power_customers")), sum(place.stock_range("residents"))
    assert 1.8 < residents / accounts < 2.8


def test_rows_of_judgement_say_so():
    places = read_text_table("places.csv")
    parts = places[places["residents_low"] != ""]
    assert parts["note"].str.contains("judgement").all()


def test_all_63_mechanisms_have_a_place_or_a_reason():
    table = read_text_table("mechanisms.csv")
    assert list(table["id"]) == [f"M{number:02d}" for number in range(1, 64)]
    assert set(table["status"]) == {"done", "context only"}
    assert (table["module"] != "").equals(table["status"] == "done")
    assert (table["reason"] != "").equals(table["status"] == "context only")
    assert (table.loc[table["status"] != "done", "test"] == "").all()


def test_every_mechanism_that_is_done_names_a_module_and_a_test_that_exist():
    table = read_text_table("mechanisms.csv")
    done = table[table["status"] == "done"]
    assert [path for path in sorted(set(done["module"])) if not (ROOT / path).is_file()] == []
    missing = []
    for test in sorted(set(done["test"])):
        path, _, name = test.partition("::")
        file = ROOT / path
        if not (name and file.is_file() and f"\ndef {name}(" in file.read_text("utf-8")):
            missing.append(test)
    assert missing == []


def test_the_shipped_scenarios_are_these_eleven():
    assert tuple(sorted(scenarios())) == SCENARIOS


@pytest.mark.parametrize("name", SCENARIOS)
def test_shipped_scenarios_load_with_the_figures_that_they_name(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert len(scenario.events) >= 1
    assert set(scenario.figures["id"]) <= set(read_text_table("figures.csv")["id"])
    assert len(scenario.figures) >= 3


@pytest.mark.parametrize("name", COUNTED)
def test_no_count_of_an_event_reaches_back_before_it(name):
    scenario = load_scenario(name)
    figures = scenario.figures
    outcomes = [QUANTITIES[quantity].role == "outcome" for quantity in figures["quantity"]]
    earliest = figures["time"] - pd.to_timedelta(figures["time_uncertainty_h"], unit="h")
    assert sum(outcomes) >= 3
    assert (earliest[outcomes] > scenario.events[0].time).all()


@pytest.mark.parametrize("name", COUNTED)
def test_every_count_of_an_event_has_the_address_of_its_source(name):
    figures = load_scenario(name).figures
    addresses = read_text_table("sources.csv").set_index("id")["address"]
    counted = figures["quantity"].map(lambda quantity: QUANTITIES[quantity].role == "outcome")
    told = set(figures.loc[counted & ~figures["source"].str.startswith("article-"), "source"])
    assert len(told) >= 2
    assert addresses[list(told)].str.startswith("https://").all()


def test_both_counts_of_12_january_are_kept(figures):
    mayor, minister = figures.loc[["kyiv-heat-out-mayor-2026-01-12", "kyiv-heat-out-minister-2026-01-12"]].itertuples()
    assert (mayor.time, mayor.qualifier, mayor.value) == (minister.time, "about", 800)
    assert (minister.qualifier, minister.value) == ("under", 500)


def test_24_january_knows_no_figure_from_after_noon():
    figures = load_scenario("kyiv-2026-01-24").figures
    latest = figures["time"] + pd.to_timedelta(figures["time_uncertainty_h"], unit="h")
    outcomes = [QUANTITIES[quantity].role == "outcome" for quantity in figures["quantity"]]
    assert (latest[outcomes] <= pd.Timestamp("2026-01-24T12:00+02:00")).all()


@pytest.mark.parametrize("name", ["kyiv-power-out", "ukraine-power-out", "kharkiv-strikes", "kharkiv-attack-duration"])
def test_an_hour_that_no_article_gives_is_four_hours_unsure(figures, name):
    row = figures.loc[f"{name}-2026-01-24"]
    assert row["time_uncertainty_h"] == 4
    assert "no hour is given" in row["note"]


def test_the_first_estimates_of_24_january_have_nobody_who_claims_them(figures):
    assert set(figures.loc[["kyiv-power-out-2026-01-24", "ukraine-power-out-2026-01-24"], "claimed_by"]) == {"article"}


def test_belgorod_has_nothing_to_fit():
    figures = load_scenario("belgorod-2026-02-13").figures
    assert {QUANTITIES[quantity].role for quantity in figures["quantity"]} == {"context"}


def test_no_sentence_of_the_articles_is_copied():
    if not ARTICLES.is_dir():
        pytest.skip("the articles are not shipped: shared/seeds is absent")
    kept = (path for path in SEEDS.rglob("*") if path.suffix in {".csv", ".toml", ".md"})
    article_runs = set()
    for path in ARTICLES.glob("*.txt"):
        told = words(path.read_text(encoding="utf-8"))
        article_runs |= {tuple(told[i : i + WORDS_IN_A_ROW]) for i in range(len(told) - WORDS_IN_A_ROW + 1)}
    for path in kept:
        ours = words(path.read_text(encoding="utf-8"))
        runs = {tuple(ours[i : i + WORDS_IN_A_ROW]) for i in range(len(ours) - WORDS_IN_A_ROW + 1)}
        assert not runs & article_runs, path.name
