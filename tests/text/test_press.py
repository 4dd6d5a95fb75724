"""Turns of the press, each in the languages that have it: what is a figure, of what, where and when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from energy_impact.text.grammar import find_candidates

if TYPE_CHECKING:
    from energy_impact.text.candidate import Candidate

PUBLISHED = datetime(2026, 1, 21, 18, tzinfo=ZoneInfo("Europe/Kyiv"))
"""A Wednesday."""


def read(language: str, text: str) -> tuple[Candidate, ...]:
    return find_candidates(text, published=PUBLISHED, language=language)


def stated(language: str, text: str) -> list[tuple[str, float | None]]:
    return [(row.quantity, row.value) for row in read(language, text)]


def times(language: str, text: str) -> list[str]:
    zone = PUBLISHED.tzinfo
    return [row.time.astimezone(zone).strftime("%a %H:%M") if row.time else "" for row in read(language, text)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Jane Lee, 68, said 300 homes had no power."),
        ("de", "Petra Hahn (81) sagte, 300 Haushalte seien ohne Strom."),
        ("uk", "Ольга Коваль, 74, каже, що без світла 300 абонентів."),
        ("ru", "Анна Иванова (81) говорит, что без света 300 абонентов."),
        ("de", "Bei der Eiskatastrophe 2024 war viel kaputt; heute sind 300 Haushalte ohne Strom."),
        ("de", "Die Linien 62 und 68 fahren nicht, 300 Haushalte sind ohne Strom."),
        ("en", "Bus routes 62 and 68 are suspended; 300 homes are without power."),
        ("en", "300 homes are without power; 26,000 outages were avoided."),
        ("de", "15 Gigawatt verschwanden in fünf Sekunden, 300 Kunden sind ohne Strom."),
        ("de", "Zwei Krankenhäuser und 300 Haushalte sind ohne Strom."),
        ("uk", "Без світла 300 абонентів. Пунктів незламності в області – 389."),
        ("ru", "Без света 300 абонентов. Пунктов обогрева в области – 389."),
    ],
)
def test_ages_years_lines_and_seconds_are_no_figures(language: str, text: str) -> None:
    assert stated(language, text) == [("power_customers_out", 300)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In Marlow 6.2 of the 6.5 million customers have power again."),
        ("de", "In Portugal waren 6,2 der 6,5 Millionen Haushalte wieder am Netz."),
    ],
)
def test_a_part_takes_the_million_of_its_total(language: str, text: str) -> None:
    assert ("power_customers_restored", 6_200_000) in stated(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In Marlow 16 percent of the country's consumers had power at midday."),
        ("de", "In Spanien hatten am Mittag 16 Prozent der Verbraucher wieder Strom."),
    ],
)
def test_a_share_of_all_that_has_power_is_one_without_it_flipped(language: str, text: str) -> None:
    (row,) = read(language, text)
    assert (row.quantity, row.value) == ("power_customers_out", pytest.approx(0.84))


def test_a_share_of_those_affected_stays_one_of_the_restored() -> None:
    (row,) = read("en", "In Marlow 78% of affected customers have power again.")
    assert (row.quantity, row.value) == ("power_share_restored", pytest.approx(0.78))


@pytest.mark.parametrize(
    ("language", "text", "time"),
    [
        (
            "de",
            "Ab 8.10 Uhr saßen 300 Einwohner auf dem Trockenen, wie die Stadtwerke am Nachmittag mitteilten.",
            "Wed 08:10",
        ),
        ("en", "From 8:10 a.m. 300 people went without water.", "Wed 08:10"),
        ("de", "1.900 Haushalte hatten am Dienstag von 6.50 bis 7.35 Uhr kein Licht.", "Tue 06:50"),
        ("en", "1,900 homes lost power on Tuesday from 6:50 to 7:35 am.", "Tue 06:50"),
        ("de", "Am Dienstagnachmittag riss ein Kabel; um 14.10 Uhr war der Strom in 300 Haushalten weg.", "Tue 14:10"),
        ("en", "MARLOW, Jan 21 - Almost 300 customers had no power at 3 p.m. Tuesday.", "Tue 15:00"),
        ("en", "That is down from 47,000 without power at the height of the storm on Tuesday afternoon.", "Tue 15:00"),
        ("en", "A fire broke out at noon on Tuesday. In Marlow 300 homes lost power.", "Tue 12:00"),
        ("uk", "Аварія сталася у вівторок о 4:00. Без тепла залишилися 64 будинки.", "Tue 04:00"),
        ("ru", "Авария произошла во вторник в 4:00. Без тепла остались 64 дома.", "Tue 04:00"),
    ],
)
def test_the_hour_of_an_outage_is_found(language: str, text: str, time: str) -> None:
    assert times(language, text) == [time]


def test_the_time_that_heads_a_paragraph_of_a_live_report_holds_in_it() -> None:
    text = (
        "16.40 Uhr: 300 Haushalte sind ohne Strom.\n\n12.30 Uhr: Der Stadtrat spricht von 500 Wohnungen ohne Heizung."
    )
    assert times("de", text) == ["Wed 16:40", "Wed 12:30"]


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "Attack on Odesa grid\n\nIt cut power to 300 homes in Ukraine's southern Odesa region.", "Odesa region"),
        ("en", "Neighboring Pike County has 300 members off.", "Pike County"),
        ("uk", "На Запоріжжі світло повернули 300 споживачам.", "Zaporizhzhia region"),
        ("uk", "Веселівка. Води немає у 300 мешканців.", "Веселівка"),
        ("de", "In der Spitze waren in Kronach 300 Haushalte ohne Strom.", "Kronach"),
    ],
)
def test_a_place_is_named_as_a_list_would_have_it(language: str, text: str, place: str) -> None:
    (row,) = read(language, text)
    assert row.place == place


@pytest.mark.parametrize(
    ("language", "text", "quantity"),
    [
        ("de", "In der Nacht konnten 9.000 Haushalte wieder ans Netz genommen werden.", "power_customers_restored"),
        ("en", "300 customers who had been reconnected on Monday lost supply once more.", "power_customers_out"),
        ("en", "Crews managed to reconnect 300 customers who lost power.", "power_customers_restored"),
        ("en", "The company had restored power to 300 customers impacted by the storm.", "power_customers_restored"),
        ("en", "In Marlow 300 homes remain without electricity tonight.", "power_customers_out"),
    ],
)
def test_the_verb_of_the_main_clause_says_who_is_out(language: str, text: str, quantity: str) -> None:
    assert [name for name, _ in stated(language, text)] == [quantity]


def test_hyphens_join_a_number_and_its_multiplier() -> None:
    assert stated("en", "More than 100-thousand homes were without power.") == [("power_customers_out", 100_000)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Ворог застосував 97 ударних БпЛА. За ніч збито 70."),
        ("ru", "Россия запустила 97 дронов. За ночь сбито 70."),
    ],
)
def test_what_was_shot_down_is_counted_as_the_sentence_before_counts(language: str, text: str) -> None:
    assert stated(language, text) == [("drones_launched", 97), ("drones_intercepted", 70)]
