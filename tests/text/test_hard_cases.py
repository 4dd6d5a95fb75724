"""The hard cases of reading figures from text, by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

import energy_impact as ei
from energy_impact.places import Place
from energy_impact.text.grammar import find_candidates
from energy_impact.text.numbers import number

if TYPE_CHECKING:
    from energy_impact.text.candidate import Candidate

PUBLISHED = datetime(2026, 2, 14, 18, tzinfo=UTC)


def read(text: str, language: str = "en", published: datetime = PUBLISHED) -> list[Candidate]:
    return list(find_candidates(text, published=published, language=language))


def only(text: str, language: str = "en") -> Candidate:
    (row,) = read(text, language)
    return row


def test_a_pair_gives_the_part_and_offers_the_total_as_a_stock_of_the_place() -> None:
    row = only("109,156 of 463,455 customers in Harrow County are without power.")
    assert (row.value, row.place) == (109156, "Harrow County")
    assert row.note == "of 463455 customers in all"


def test_a_total_with_words_of_its_own_is_a_figure_of_its_own() -> None:
    part, total = read("About 200 of the 260 buildings that had lost heating in Saltmere are warm again.")
    assert (part.quantity, part.value) == ("heat_buildings_restored", 200)
    assert (total.quantity, total.value) == ("heat_buildings_out", 260)


def test_a_list_gives_each_region_its_own_figure() -> None:
    rows = read("Outages by county:\n- Harrow County: 4,100\n- Penrose County: 2,750\n\nCall 1-800-555-0100.")
    assert [(row.place, row.value) for row in rows] == [("Harrow County", 4100), ("Penrose County", 2750)]


def test_a_heading_is_the_place_of_what_follows() -> None:
    rows = read("Illinois\nSome 2,100 customers have no power.\n\nIowa\nSome 900 customers have no power.")
    assert [row.place for row in rows] == ["Illinois", "Iowa"]


def test_a_part_named_after_including_is_of_the_same_service_and_its_own_place() -> None:
    whole, part = read("1.2 million consumers in Ukraine were without power, including 800,000 in Kyiv.")
    assert (whole.place, part.place) == ("Ukraine", "Kyiv")
    assert part.quantity == whole.quantity == "power_customers_out"


def test_more_than_the_day_before_is_a_change_with_its_start() -> None:
    stock, change = read("On Friday 6,000 homes in Saltmere had no power, 4,000 more than the day before.")
    assert (stock.kind, change.kind, change.value) == ("stock", "change", 4000)
    assert change.time == stock.time
    assert change.period_start is not None
    assert change.time is not None
    assert change.period_start < change.time


def test_fewer_than_the_day_before_is_a_negative_change() -> None:
    rows = read("6,000 homes in Saltmere had no power on Friday, 1,500 fewer than the day before.")
    assert [(row.kind, row.value) for row in rows] == [("stock", 6000), ("change", -1500)]


def test_another_900_is_a_count_of_its_own() -> None:
    first, more = read("Crews restored power to 2,000 customers in Saltmere overnight and another 900 on Saturday.")
    assert [first.kind, more.kind] == ["flow", "flow"]
    assert more.quantity == "power_customers_restored"


def test_restored_to_85_percent_is_a_share_restored() -> None:
    row = only("Heating in Saltmere has been restored to 85 % of buildings.")
    assert (row.quantity, row.value, row.unit, row.kind) == ("heat_share_restored", 0.85, "share", "stock")


def test_no_longer_without_power_is_no_outage() -> None:
    rows = read("300 homes in Saltmere are no longer without power.")
    assert [row.quantity for row in rows] in ([], ["power_customers_restored"])
    assert read("The hospital in Saltmere is no longer without power.") == []


def test_a_peak_is_a_maximum_and_an_initial_count_has_no_time() -> None:
    now, peak = read("17,450 customers in Saltmere are off, down from a peak of 61,000.")
    assert (now.kind, peak.kind) == ("stock", "maximum")
    initial, *_ = read("The storm initially left 768,000 customers in Saltmere without power.")
    assert initial.time is None


def test_the_figure_of_an_earlier_day_keeps_its_day() -> None:
    now, earlier = read("Fewer than 200 buildings in Saltmere lack heat, down from 2,600 on Thursday.")
    assert now.time is not None
    assert now.time.day == 14
    assert earlier.time is not None
    assert earlier.time.day == 12


def test_hours_on_and_off_are_hours_off_per_day() -> None:
    row = only("Homes in Saltmere get 4 hours of light and then 8 hours off.")
    assert (row.quantity, row.value) == ("hours_off_per_day", 16)
    assert only("Light is cut for 7.5 hours a day in Saltmere.").value == 7.5


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("The night brought -10-12 degrees to Saltmere.", (-12, -10)),
        ("It was -10 to -12 °C outside.", (-12, -10)),
        ("Temperatures of -10…-12 degrees were measured.", (-12, -10)),
        ("Between 40,000 and 45,000 homes lost power.", (40_000, 45_000)),
        ("15,000 – 16,000 customers are off supply.", (15_000, 16_000)),
        ("From 2 to 2.5 thousand customers are without power.", (2000, 2500)),
    ],
)
def test_a_range_has_two_ends(text: str, ends: tuple[float, float]) -> None:
    row = only(text)
    assert (row.qualifier, row.value, row.value_high) == ("range", *ends)


def test_fahrenheit_becomes_celsius_and_is_not_counted_twice() -> None:
    assert only("Temperatures fell to 14 °F in Saltmere.").value == -10
    assert only("Temperatures dropped to -13°C (9°F).").value == -13


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("Half a million people have no water.", "en", 500_000),
        ("Two and a half million people have no water.", "en", 2_500_000),
        ("Twenty-three thousand people have no water.", "en", 23_000),
        ("Over a hundred thousand people have no water.", "en", 100_000),
        ("Півтора мільйона людей без води.", "uk", 1_500_000),
        ("Пів тисячі будинків лишаються без тепла.", "uk", 500),
        ("Без світла 1,2 млн споживачів.", "uk", 1_200_000),
        ("Около полутора тысяч абонентов без света.", "ru", 1_500),
        ("Полмиллиона человек без света.", "ru", 500_000),
        ("Ohne Strom sind 1,2 Mio. Haushalte.", "de", 1_200_000),
        ("Fünfundvierzigtausend Haushalte sind ohne Strom.", "de", 45_000),
    ],
)
def test_number_words_and_multipliers(text: str, language: str, value: float) -> None:
    assert only(text, language).value == value


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f"])
def test_any_space_may_group_thousands(space: str) -> None:
    assert number(f"18{space}400") == 18400
    assert only(f"Без світла 18{space}400 споживачів.", "uk").value == 18400


@pytest.mark.parametrize(("text", "value"), [("7,5", 7.5), ("45.000", 45000), ("1.234.567", 1234567), ("½", 0.5)])
def test_commas_and_dots_are_read_by_what_follows(text: str, value: float) -> None:
    assert number(text) == value


def test_a_caption_that_repeats_a_figure_is_one_figure() -> None:
    line = "More than 2,000 homes in Saltmere are without power."
    assert len(read(f"{line}\n\n{line}\n\n{line}")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Report outages on 03457 643643 or 1-800-572-1113 without power.",
        "The tariff for power is 4.32 UAH, or $0.11, and was restored.",
        "The substation without power is 30 km (18 miles) from the border.",
        "12 people were injured and two killed when the power went out.",
        "Some 100,000 customers may remain without power until Monday.",
        "Power will be restored to 40,000 homes tomorrow.",
        "Gusts of 130 km/h broke 25 poles and 40 power lines; 200 line workers are out.",
        "3,000 residential buildings were damaged in 2022.",
        "Unit TES-3 and line 4 were hit; Category 5 winds cut power.",
    ],
)
def test_what_is_no_figure_of_the_present_is_not_returned(text: str) -> None:
    assert read(text) == []


def test_one_in_three_is_a_share() -> None:
    row = only("One in three residents of Saltmere has no running water.")
    assert (row.quantity, row.unit, row.qualifier) == ("water_people_out", "share", "about")
    assert row.value == pytest.approx(1 / 3)


def test_half_of_a_city_with_power_again_is_the_other_half_without() -> None:
    row = only("Больше половины Ольховска снова со светом.", "ru")
    assert (row.quantity, row.value, row.qualifier) == ("power_people_out", 0.5, "under")


def test_a_time_is_read_in_the_zone_of_its_place() -> None:
    places = [Place("Saltmere", timezone="America/New_York")]
    text = "As of 8 am, 900 customers in Saltmere have no power."
    (row,) = find_candidates(text, published=PUBLISHED, language="en", places=places)
    assert row.time == datetime(2026, 2, 14, 8, tzinfo=ZoneInfo("America/New_York"))
    assert row.time_uncertainty_h <= 1


def test_without_a_known_place_a_time_is_read_with_the_offset_of_publication() -> None:
    reading = ei.read_text("At 8 am, 900 customers had no power.", published="2026-02-14T18:00-05:00", language="en")
    assert reading.candidates["time"].iloc[0] == datetime(2026, 2, 14, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "moment", "least_h", "most_h"),
    [
        ("as of 8 am", "2026-02-14T08:00", 0, 1),
        ("at 16:45", "2026-02-14T16:45", 0, 1),
        ("overnight", "2026-02-14T03:00", 3, 6),
        ("on Thursday", "2026-02-12T12:00", 10, 14),
        ("on Thursday morning", "2026-02-12T08:00", 2, 4),
        ("yesterday", "2026-02-13T12:00", 10, 14),
        ("on 9 February", "2026-02-09T12:00", 10, 14),
        ("on December 30", "2025-12-30T12:00", 10, 14),
    ],
)
def test_the_error_of_a_time_fits_its_words(words: str, moment: str, least_h: float, most_h: float) -> None:
    row = only(f"900 customers in Saltmere had no power {words}.")
    stated = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert row.time is not None
    assert abs(row.time - stated) <= timedelta(hours=1)
    assert least_h <= row.time_uncertainty_h <= most_h


def test_a_time_of_the_cause_is_not_the_time_of_the_figure() -> None:
    row = only("900 customers in Saltmere are without power after the attack on Thursday.")
    assert row.time == PUBLISHED


def test_a_given_place_is_found_in_another_language() -> None:
    places = [Place("Kyiv", timezone="Europe/Kyiv")]
    text = "Без тепла в Києві 300 будинків, на Київщині 40 будинків."
    rows = find_candidates(text, published=PUBLISHED, language="uk", places=places)
    assert [row.place for row in rows] == ["Kyiv", "Kyiv region"]


def test_an_hour_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="published: must have a timezone, got 2026-02-14T18:00:00"):
        find_candidates("300 homes", published=PUBLISHED.replace(tzinfo=None))


def test_a_language_without_a_lexicon_is_refused() -> None:
    with pytest.raises(ValueError, match="language: 'xx' is not one of de, en, ru, uk"):
        find_candidates("300 homes", published=PUBLISHED, language="xx")


@pytest.mark.parametrize(
    "text", ["Hot water is off in 4,200.", "Hot water was off for 4,200 on Monday; 19,000 on Sunday."]
)
def test_a_bare_number_about_hot_water_is_no_figure(text: str) -> None:
    assert read(text) == []


def test_a_new_paragraph_is_of_the_place_of_the_headline_again() -> None:
    rows = read(
        "A second night without power in Saltmere\n\n"
        "In Brookfield 1,200 homes had no power on Friday, the network operator said in its first statement.\n\n"
        "Crews restored power to 9,400 customers."
    )
    assert [row.place for row in rows] == ["Brookfield", "Saltmere"]


def test_a_quotation_goes_on_from_the_paragraph_before() -> None:
    rows = read(
        "A second night without power in Saltmere\n\n"
        "In Brookfield trees came down on the lines on Friday, the network operator said in its first statement.\n\n"
        '"Some 1,200 homes have no power," a spokeswoman said.'
    )
    assert [row.place for row in rows] == ["Brookfield"]


def test_a_headline_takes_the_closer_time_of_the_text() -> None:
    row = only("Saltmere: 1,170 customers without power\n\nAs of 12:00 1,170 customers in Saltmere had no power.")
    assert row.time == datetime(2026, 2, 14, 12, tzinfo=UTC)


def test_an_attack_without_a_time_is_of_the_night_spoken_of() -> None:
    rows = read("The port of Odesa was hit overnight.\n\nOne man was hurt. Air defence shot down 26 drones.")
    assert [(row.quantity, row.time) for row in rows] == [("drones_intercepted", datetime(2026, 2, 14, 1, tzinfo=UTC))]


@pytest.mark.parametrize("most", ["mostly in Brookfield and Penrose", "mainly in Penrose"])
def test_where_most_of_it_is_does_not_become_the_place_of_the_text(most: str) -> None:
    rows = read(f"In Saltmere 640 homes have no power, {most}. On Friday 900 homes had no power.")
    assert [row.place for row in rows] == ["Saltmere", "Saltmere"]


def test_a_river_is_no_place_of_a_figure() -> None:
    row = only("In a flat in Saltmere on the left bank of the Dnipro it was 9 degrees.")
    assert row.place == "Saltmere"


def test_a_supply_given_back_to_people_is_that_of_power_where_the_text_has_it() -> None:
    rows = read("In Saltmere 7,000 customers had no power. Supply was restored to 5,000 customers.")
    assert [row.quantity for row in rows] == ["power_customers_out", "power_customers_restored"]


def test_a_substation_speaks_of_power_after_a_sentence_on_heat() -> None:
    rows = read(
        "In Saltmere 90 blocks had no heating and 2,000 homes no power. In 71 blocks the heating was drained. "
        "A drone hit a substation, 2,400 customers were cut off."
    )
    assert rows[-1].quantity == "power_customers_out"


def test_a_count_without_a_time_is_of_the_time_of_the_one_before() -> None:
    rows = read("Harrow County had 2,600 customers without power at noon. In Penrose County the count stood at 3,400.")
    assert {row.time for row in rows} == {datetime(2026, 2, 14, 12, tzinfo=UTC)}


def test_a_count_right_after_an_event_is_of_its_day() -> None:
    row = only("In Saltmere 5,600 customers had no power right after the storm on Thursday.")
    assert row.time == datetime(2026, 2, 12, 12, tzinfo=UTC)


def test_hours_beside_a_count_are_how_long_its_outage_lasted() -> None:
    row = only("Без світла майже чотири години були 1 200 абонентів.", "uk")
    assert row.quantity == "power_customers_out"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Russia launched 21 missiles at Kyiv, killing four and injuring 15.", "en"),
        ("Russia launched 21 missiles at Kyiv; 4 were killed and 15 injured.", "en"),
        ("По Києву випустили 21 ракету, загинули 4, поранені 30.", "uk"),
        ("По Киеву выпустили 21 ракету, погибли 4, ранены 30.", "ru"),
        ("По Киеву выпустили 21 ракету, 4 погибли, 30 ранены.", "ru"),
        ("Russland feuerte 21 Raketen auf Kiew, tötete 4 und verletzte 30.", "de"),
    ],
)
def test_casualties_after_missiles_are_no_missiles(text: str, language: str) -> None:
    row = only(text, language)
    assert (row.quantity, row.value) == ("missiles_launched", 21)


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("Russia launched 21 missiles at Kyiv, killing four; 12 were shot down.", "en", [21, 12]),
        ("Из 21 ракеты сбиты 12, погибли 4.", "ru", [21, 12]),
        (
            "84 drones and 9 missiles were launched, of which 70 and 5 were shot down; 4 were killed.",
            "en",
            [84, 9, 70, 5],
        ),
    ],
)
def test_missiles_shot_down_beside_casualties_stay(text: str, language: str, values: list[float]) -> None:
    assert [row.value for row in read(text, language)] == values


@pytest.mark.parametrize("service", ["district heat", "district heating"])
def test_no_district_heat_is_no_count_of_districts(service: str) -> None:
    row = only(f"6,000 buildings in Kyiv have no {service}.")
    assert (row.quantity, row.value) == ("heat_buildings_out", 6000)
    assert only("No district in Kyiv has heating.").qualifier == "all"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("On 3 March 1899 6,000 homes in Kyiv were without power.", "en"),
        ("In March 1899, 6,000 homes in Kyiv were without power.", "en"),
        ("6,000 homes in Kyiv were without power in March 1899.", "en"),
        ("On 3 March 1950 6,000 homes in Kyiv were without power.", "en"),
        ("Am 3. März 1899 waren in Kiew 6.000 Häuser ohne Strom.", "de"),
        ("3 марта 1899 года в Киеве без света остались 6000 домов.", "ru"),
        ("У березні 1899 року у Києві без світла залишилися 6000 будинків.", "uk"),
    ],
)
def test_a_year_long_past_is_no_count_and_its_counts_are_no_figures(text: str, language: str) -> None:
    assert read(text, language) == []


@pytest.mark.parametrize("count", ["1850", "1,850"])
def test_a_count_after_a_date_is_no_year(count: str) -> None:
    assert only(f"On 3 January {count} homes in Kyiv were without power.").value == 1850


@pytest.mark.parametrize("control", ["\x1b[31m", "\x1b[1;31m", "\x9b31m", "\x1b]0;5,000\x07"])
def test_a_control_sequence_holds_no_figure(control: str) -> None:
    assert read(f"There were {control} homes in Kyiv without power.") == []
    assert only(f"{control}6,000 homes in Kyiv were without power.").value == 6000
