from __future__ import annotations

import dataclasses
import subprocess
import sys
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import energy_impact as ei
from energy_impact.figures.figure import COLUMNS
from energy_impact.figures.table import FigureError
from energy_impact.text import grammar
from energy_impact.text.reading import LONGEST_TEXT
from tests.text.invented import MORNING, NOON, TEXT, candidate

HEAT, POWER, PART = "morning-post-1", "morning-post-2", "morning-post-3"


@pytest.fixture
def complete(reading: ei.Reading) -> ei.Reading:
    return reading.set(POWER, place="Velmar").set(PART, time=MORNING)


def test_candidates_have_the_columns_of_figures_and_where_they_stand(reading):
    table = reading.candidates
    assert list(table.columns) == [*COLUMNS, "start", "end", "quote", "confidence", "reason", "accepted"]
    assert list(table["id"]) == [HEAT, POWER, PART]
    assert [TEXT[start:end] for start, end in zip(table["start"], table["end"], strict=True)] == list(table["quote"])
    assert table["place"].isna().tolist() == [False, True, False]
    assert table["time"].isna().tolist() == [False, False, True]
    assert not table["accepted"].any()
    figures = ei.read_figures(table.assign(accepted=[True, False, False]))
    assert (table.dtypes[list(COLUMNS)] == figures.dtypes[list(COLUMNS)]).all()


@pytest.mark.usefixtures("found")
def test_a_text_without_figures_has_an_empty_table_of_the_same_columns():
    empty = ei.read_text("", published=NOON)
    assert list(empty.candidates.columns) == list(ei.read_text(TEXT, published=NOON).candidates.columns)
    assert empty.questions() == ()
    assert empty.conflicts().empty


def test_each_gap_and_each_doubt_is_a_question(reading):
    place, time, confidence = reading.questions()
    assert place[:2] == (POWER, "place")
    assert str(time) == f"{PART}: Of which day is the “750,000” (accounts without power)?"
    assert confidence[:2] == (PART, "confidence")
    assert "Does “750,000” mean about 750,000 accounts without power?" in confidence.question


def test_a_count_over_a_period_is_asked_for_its_start(found):
    found["71"] = [candidate("71", "71", "heat_buildings_out", 71, kind="change")]
    reading = ei.read_text("71", published=NOON, source="Post")
    (question,) = reading.questions()
    assert str(question) == "post-1: Since when does the “71” (buildings without district heat) count?"
    with pytest.raises(FigureError, match="post-1, column period_start: must not be empty"):
        reading.accept(0.5)
    assert reading.set("post-1", period_start="2026-01-23T18:00+02:00").questions() == ()


@pytest.mark.parametrize("quantity", ["missiles_launched", "drones_intercepted", "munitions_launched"])
def test_the_size_of_an_attack_counts_from_the_evening_before_on_the_clocks_of_its_place(found, quantity):
    found["71"] = [candidate("71", "71", quantity, 71, kind="flow", qualifier="exact", place="Kyiv")]
    reading = ei.read_text("71", published=NOON)
    assert reading.candidates["period_start"][0] == pd.Timestamp("2026-01-23T18:00+02:00")
    assert reading.candidates["reason"][0].endswith("; counted from the evening before")
    assert reading.questions() == ()
    stated = datetime(2026, 1, 24, 3, tzinfo=UTC)
    found["71"] = [dataclasses.replace(found["71"][0], period_start=stated)]
    assert ei.read_text("71", published=NOON).candidates["period_start"][0] == stated


def test_an_answer_ends_its_question_and_leaves_the_reading_as_it_was(reading):
    answered = reading.set(PART, time="2026-01-24T10:00+02:00", time_uncertainty_h=1)
    assert [question.about for question in answered.questions()] == ["place", "confidence"]
    row = answered.candidates.set_index("id").loc[PART]
    assert (row["time"], row["time_uncertainty_h"]) == (pd.Timestamp("2026-01-24T08:00Z"), 1.0)
    assert len(reading.questions()) == 3


def test_a_reading_is_frozen(reading):
    with pytest.raises(dataclasses.FrozenInstanceError):
        reading.rows = ()
    before = reading.candidates
    before.loc[0, "accepted"] = True
    assert not reading.candidates["accepted"].any()
    reading.accept(HEAT)
    assert not reading.candidates["accepted"].any()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"time": "2026-01-24T10:00"}, f"{PART}, column time: needs a UTC offset"),
        ({"quantity": "power_costumers_out"}, f"{PART}, column quantity: must be a known quantity"),
        ({"value": "many"}, f"{PART}, column value: must be a number"),
        ({"value": -1}, f"{PART}, column value: must be a whole count of at least 0"),
        ({"place": ""}, f"{PART}, column place: must not be empty"),
        ({"plce": "Kyiv"}, "unknown key 'plce' .did you mean 'place'"),
        ({"source": "other"}, "unknown key 'source'"),
    ],
)
def test_a_wrong_answer_names_the_candidate_the_column_and_the_rule(reading, changes, fault):
    with pytest.raises(FigureError, match=fault):
        reading.set(PART, **changes)


def test_an_answer_is_held_to_its_own_columns_only(reading):
    assert reading.set(PART, qualifier="range").set(PART, value_high=800_000).candidates["qualifier"][2] == "range"


@pytest.mark.parametrize("which", [[POWER], 0.8, 0.0])
def test_what_has_no_place_or_no_time_is_not_accepted_and_named(reading, which):
    with pytest.raises(FigureError, match=f"{POWER}, column place: must not be empty"):
        reading.accept(which)


def test_figures_are_the_accepted_ones_with_the_words_of_the_text(complete):
    figures = complete.accept(0.8).figures()
    assert list(figures["id"]) == [HEAT, POWER]
    assert list(figures["note"]) == ["“6,200”", "“1.3 million”"]
    assert complete.accept(0.8).accept(PART).figures()["note"][2] == "“750,000”; part"
    assert_frame_equal(ei.read_figures(figures), figures)


def test_nothing_accepted_is_an_error_and_no_empty_table(complete):
    with pytest.raises(ValueError, match="none of the 3 candidates is accepted yet"):
        complete.figures()
    with pytest.raises(ValueError, match="none of the 3 candidates is accepted yet"):
        complete.accept(0.95).figures()


def test_candidates_do_not_enter_a_scenario_before_they_are_accepted(complete):
    place = ei.Place("Northport", heat_buildings=9000)
    with pytest.raises(ei.scenario.ScenarioError, match="got Reading"):
        ei.Scenario("2026-01-23T00:00Z", 96, place, figures=complete)
    unaccepted = ei.Scenario("2026-01-23T00:00Z", 96, place, figures=complete.candidates)
    assert unaccepted.figures.empty
    assert list(
        ei.Scenario("2026-01-23T00:00Z", 96, place, figures=complete.accept(HEAT).candidates).figures["id"]
    ) == [HEAT]


def test_an_accepted_one_that_is_changed_for_the_worse_is_named(complete):
    spoilt = complete.accept(HEAT).set(HEAT, qualifier="range")
    with pytest.raises(FigureError, match=f"{HEAT}, column value_high: must not be empty"):
        spoilt.figures()


def test_a_dropped_candidate_is_gone_from_table_and_questions(reading):
    assert list(reading.drop(PART).candidates["id"]) == [HEAT, POWER]
    assert reading.drop([POWER, PART]).questions() == ()


@pytest.mark.parametrize("act", ["set", "accept", "drop"])
def test_an_unknown_id_is_named_with_the_nearest(reading, act):
    with pytest.raises(ValueError, match=r"id: must be that of a candidate, got 'morning-post' \(did you mean"):
        getattr(reading, act)("morning-post")


@pytest.mark.parametrize("which", [1.5, float("nan"), -1, [], [5], None])
def test_what_to_accept_is_ids_or_a_confidence(reading, which):
    with pytest.raises(ValueError, match=r"^(id|which): must be"):
        reading.accept(which)


def test_articles_together_show_repeats_and_conflicts(found, complete):
    other = "6,300 blocks. Fewer than 900 blocks. 6,180 blocks."
    found[other] = [
        candidate(other, "6,300", "heat_buildings_out", 6300),
        candidate(other, "900", "heat_buildings_out", 900, qualifier="under"),
    ]
    both = complete.joined(ei.read_text(other, published=NOON, source="Evening Post"))
    pairs = both.conflicts()
    assert set(zip(pairs["relation"], pairs["first"], pairs["second"], strict=True)) == {
        ("same fact", HEAT, "evening-post-1"),
        ("contradict", HEAT, "evening-post-2"),
        ("contradict", "evening-post-1", "evening-post-2"),
    }
    assert [article.source for article in both.articles] == ["Morning Post", "Evening Post"]
    assert both.candidates["source"].value_counts().to_dict() == {"Morning Post": 3, "Evening Post": 2}


def test_articles_of_one_source_cannot_be_joined(reading):
    with pytest.raises(FigureError, match=f"must be unique, got '{HEAT}'"):
        reading.joined(reading)


def test_the_reader_gets_the_article_its_time_and_its_places(monkeypatch):
    seen = {}
    monkeypatch.setattr(grammar, "find_candidates", lambda text, **given: seen.update(given, text=text) or ())
    dublin = ei.Place("Dublin", timezone="Europe/Dublin")
    ei.read_text("x", published=date(2026, 7, 4), language="en", places=dublin)
    assert seen == {
        "text": "x",
        "published": datetime(2026, 7, 4, 11, tzinfo=UTC),
        "whole_day": True,
        "language": "en",
        "places": (dublin,),
    }
    ei.read_text("x", published="2026-07-04")
    assert seen["published"] == datetime(2026, 7, 4, 12, tzinfo=UTC)
    assert seen["places"] is None


@pytest.mark.usefixtures("found")
def test_a_text_without_a_source_is_named_by_its_day():
    reading = ei.read_text(TEXT, published=NOON)
    assert reading.articles[0].source == "article-2026-01-24"
    assert reading.candidates["id"][0] == "article-2026-01-24-1"


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"published": "2026-01-24T12:00"}, "published: needs a UTC offset"),
        ({"published": datetime(2026, 1, 24, 12)}, "published: needs a UTC offset"),  # noqa: DTZ001
        ({"published": "2026-02-30"}, "published: must be a day of the calendar"),
        ({"published": "0001-01-01"}, "published: must be between the years 1900 and 2150"),
        ({"published": date(1899, 12, 31)}, "published: must be between the years 1900 and 2150"),
        ({"published": "2151-01-01"}, "published: must be between the years 1900 and 2150"),
        ({"published": "yesterday"}, r"published: must be a time in ISO 8601.*\(a day such as 2026-01-24 will do\)"),
        ({"published": None}, "published: must not be empty"),
        ({"text": 5}, "text: must be text"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "text: must have at most 2,000,000 characters, got 2,000,001"),
        ({"language": "klingon"}, "language: 'klingon' is not one of"),
        ({"places": ["Kyiv"]}, "places: must be a Place or a list of them"),
        ({"source": " "}, "source: must be non-empty text"),
    ],
)
def test_bad_input_is_one_clear_error(given, rule):
    arguments = {"text": "x", "published": NOON} | given
    with pytest.raises(ValueError, match=rule):
        ei.read_text(arguments.pop("text"), **arguments)


def test_the_time_of_publication_has_no_default():
    with pytest.raises(TypeError, match="published"):
        ei.read_text(TEXT)


def test_a_time_outside_the_calendar_of_tables_counts_as_unknown(found):
    found["9"] = [candidate("9", "9", "heat_buildings_out", 9, time=datetime(9000, 1, 1, tzinfo=UTC))]
    assert [question.about for question in ei.read_text("9", published=NOON).questions()] == ["time"]


PIECES = (
    "6,000 apartment blocks|без світла 1,2 млн|домов|в Києві|Kyiv|at least|hundreds of|-13|%|half a million|overnight|"
    "on Saturday|30 February|99999999999999999999|9999-99-99|<b>|\x1b[31m|\u202e|٣٤|\u2009|\0|\ud800|1/0|as of 25:61|"
    "minus|of which|\n|.|,|("
)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(st.characters(exclude_categories=[]), max_size=300),
        st.lists(st.sampled_from(PIECES.split("|")), max_size=40).map(" ".join),
    )
)
def test_any_text_can_be_read_and_shown(text):
    reading = ei.read_text(text, published=NOON)
    table = reading.candidates
    assert [text[start:end] for start, end in zip(table["start"], table["end"], strict=True)] == list(table["quote"])
    assert table["confidence"].between(0, 1).all()
    assert "<script" not in reading._repr_html_()
    assert reading._repr_html_().encode()
    reading.questions()
    reading.conflicts()


def test_the_name_of_the_reader_is_there_without_the_grammar():
    code = "import sys; from energy_impact import read_text; print([m for m in sys.modules if '_impact.text' in m])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "energy_impact.text.reading" in loaded
    assert "grammar" not in loaded
    assert "display" not in loaded


def test_a_long_text_keeps_its_offsets_whatever_characters_stand_before():
    text = "Cafe\u0301.\r\n\x07" * 2000 + "As of 8 am, 2,100 customers in Saltmere have no power."
    (row,) = ei.read_text(text, published=NOON, language="en").candidates.itertuples()
    assert text[row.start : row.end] == row.quote == "2,100 customers"


def test_the_day_of_publication_may_be_a_week_date_and_places_of_any_size_are_named():
    text = "6,000 apartment blocks in Kyiv have no heating."
    assert str(ei.read_text(text, published="2026-W04-6T09:00Z").articles[0].published) == "2026-01-24 09:00:00+00:00"
    with pytest.raises(ValueError, match="places: must be a Place or a list of them, got a value of type int"):
        ei.read_text(text, published="2026-01-24", places=10**5000)


def test_only_readings_are_joined_and_an_id_is_not_set(reading):
    with pytest.raises(ValueError, match="other: must be a Reading, got 'x'"):
        reading.joined("x")
    with pytest.raises(FigureError, match="unknown key 'id'"):
        reading.set(PART, id="x")


def test_a_place_that_is_none_of_those_given_is_asked_about() -> None:
    article = "In Cottbus sind 14.000 Kunden ohne Strom. In Sandow sind 120 Wohnhäuser ohne Heizung."
    town = ei.Place("Cottbus", power_customers=50_000)
    reading = ei.read_text(article, published="2026-02-10T14:00+01:00", places=town, source="Bote")
    (asked,) = reading.questions()
    assert asked[:2] == ("bote-2", "place")
    assert "Which of the places given is Sandow, of the “120 Wohnhäuser”" in asked.question
    assert reading.set("bote-2", place="Cottbus").questions() == ()
    assert ei.read_text(article, published="2026-02-10T14:00+01:00").questions() == ()


@pytest.mark.parametrize(
    ("given", "text", "place"),
    [
        ("Вознесенськ", "У Вознесенську без світла 5000 абонентів.", "Вознесенськ"),
        ("Київ", "У Києві без світла 5000 абонентів.", "Київ"),
        ("Київ", "In Kyiv 5,000 customers are without power.", "Київ"),
        ("Одеська область", "На Одещині без світла 5000 абонентів.", "Одеська область"),
        ("Київ", "На Київщині без світла 5000 абонентів.", "Kyiv region"),
        ("Миколаївка", "У Миколаєві без світла 5000 абонентів.", "Mykolaiv"),
        ("Печерськ", "У Києві без світла 5000 абонентів.", "Kyiv"),
    ],
)
def test_a_place_given_in_another_spelling_is_the_listed_one(given: str, text: str, place: str) -> None:
    town = ei.Place(given, timezone="Europe/Kyiv", power_customers=50_000)
    reading = ei.read_text(text, published="2026-01-12T12:00+02:00", places=town)
    assert reading.candidates["place"].tolist() == [place]
    assert [question.about for question in reading.questions()] == ([] if place == given else ["place"])


def test_a_town_elsewhere_that_a_list_spells_alike_is_not_taken_for_the_listed_one() -> None:
    town = ei.Place("Petersburg", timezone="America/New_York", power_customers=15_000)
    article = "In Sankt Petersburg sind 14.000 Kunden ohne Strom."
    reading = ei.read_text(article, published="2026-02-10T14:00+01:00", places=town)
    assert reading.candidates["place"].tolist() == ["Saint Petersburg"]


def test_times_at_a_listed_place_are_shown_on_its_clocks() -> None:
    text = "Станом на 9:00 у Вознесенську без світла 5000 абонентів."
    reading = ei.read_text(text, published="2026-01-12T12:00+02:00")
    assert "2026-01-12 09:00 ±" in reading._repr_html_()
    assert reading.candidates["time"].tolist() == [pd.Timestamp("2026-01-12T07:00Z")]
