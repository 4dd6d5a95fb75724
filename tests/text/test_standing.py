"""What a sentence denies, what a season adds up to, and counts beside each other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import energy_impact as ei
from energy_impact.places import Place
from energy_impact.text.grammar import find_candidates
from energy_impact.text.row import SURE

PUBLISHED = datetime(2026, 2, 14, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It is not true that 6,000 homes in Kyiv are without power."),
        ("en", "Officials denied reports that 6,000 homes in Kyiv are without power."),
        ("uk", "У мерії спростували інформацію про те, що 6000 абонентів у Києві без світла."),
        ("ru", "В мэрии опровергли сообщения о том, что 6000 абонентов в Киеве без света."),
        ("de", "Die Stadt dementierte Berichte, wonach in Berlin 6000 Haushalte ohne Strom sind."),
        ("en", "Reports that 6,000 homes in Kyiv are without power are false."),
        ("uk", "Неправда, що 6000 абонентів у Києві без світла."),
        ("uk", "Повідомлення, що 6000 абонентів у Києві без світла, не відповідає дійсності."),
        ("ru", "Неправда, что 6000 абонентов в Киеве без света."),
        ("ru", "Сообщения о том, что 6000 абонентов в Киеве без света, не соответствуют действительности."),
        ("de", "Es stimmt nicht, dass in Berlin 6000 Haushalte ohne Strom sind."),
        ("de", "Berichte, wonach in Berlin 6000 Haushalte ohne Strom sind, stimmen nicht."),
    ],
)
def test_what_a_sentence_says_is_untrue_is_no_figure(language: str, text: str) -> None:
    assert find_candidates(text, published=PUBLISHED, language=language) == ()


@pytest.mark.parametrize(
    "text",
    [
        "6,000 homes in Kyiv are without power, and reports that the plant was hit are false.",
        "Officials denied reports that the plant was hit and said 6,000 homes in Kyiv are without power.",
        "Reports of a raid are false; 6,000 homes in Kyiv are without power after a storm.",
    ],
)
def test_what_stands_beside_a_denial_is_a_figure(text: str) -> None:
    assert [row.value for row in find_candidates(text, published=PUBLISHED, language="en")] == [6000]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Since the beginning of the winter 1.3 million households in Kyiv have lost power at least once."),
        ("uk", "З початку зими 1,3 млн домогосподарств у Києві хоча б раз лишалися без світла."),
        ("ru", "С начала зимы 1,3 млн домохозяйств в Киеве хотя бы раз оставались без света."),
        ("de", "Seit Beginn des Winters waren in Kiew 1,3 Millionen Haushalte mindestens einmal ohne Strom."),
        ("en", "Last winter, 400,000 households in Kyiv lost power."),
        ("uk", "Минулої зими без світла в Києві залишилися 400 тис. абонентів."),
        ("ru", "Прошлой зимой без света в Киеве остались 400 тысяч абонентов."),
        ("de", "Im vergangenen Winter waren in Kiew 400.000 Haushalte ohne Strom."),
    ],
)
def test_what_a_season_adds_up_to_is_asked_about(language: str, text: str) -> None:
    rows = find_candidates(text, published=PUBLISHED, language=language)
    assert [row.confidence < SURE for row in rows] == [True]


@pytest.mark.parametrize(
    ("name", "code", "place"),
    [
        ("Chernihiv", "UA-74", "Chernihiv"),
        ("Chernihiv", None, "Chernihiv region"),
        ("Kyiv", "UA-30", "Kyiv region"),
    ],
)
def test_a_region_has_the_name_of_the_place_given_for_it(name: str, code: str | None, place: str) -> None:
    text = {"Chernihiv": "На Чернігівщині без світла 400 тис. абонентів."}.get(
        name, "На Київщині без світла 400 тис. абонентів."
    )
    given = Place(name, timezone="Europe/Kyiv", code=code)
    (row,) = ei.read_text(text, published=PUBLISHED, places=given).rows
    assert row.found.place == place


def test_a_count_of_the_service_spoken_of_before_has_a_reason_in_words() -> None:
    text = "Power went out in Saltmere. In the morning it was over 1,000."
    rows = find_candidates(text, published=PUBLISHED, language="en")
    assert [row.reason.partition(";")[0] for row in rows] == ["service and state as before"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("45,000 households and 2,200 businesses in Berlin are without power.", "en"),
        ("2,200 businesses and 45,000 households in Berlin are without power.", "en"),
        ("In Berlin sind 45.000 Haushalte und 2.200 Betriebe ohne Strom.", "de"),
        ("У Києві без світла 45 000 домогосподарств і 2200 підприємств.", "uk"),
        ("В Киеве без света 45 000 абонентов и 2200 предприятий.", "ru"),
    ],
)
def test_businesses_beside_households_contradict_nothing(text: str, language: str) -> None:
    reading = ei.read_text(text, published=PUBLISHED, language=language)
    unsure = {row.found.value: "a part beside another" in row.found.reason for row in reading.rows}
    assert unsure == {45_000: False, 2200: True}
    assert all(row.found.confidence < SURE for row in reading.rows if row.found.value == 2200)
    assert reading.conflicts().empty


def test_counts_of_two_sentences_still_contradict() -> None:
    text = "45,000 households in Berlin are without power. 2,200 businesses in Berlin are without power."
    assert list(ei.read_text(text, published=PUBLISHED, language="en").conflicts()["relation"]) == ["contradict"]
