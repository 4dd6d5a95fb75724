"""Who states a figure, in the words of the text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from energy_impact.text.grammar import find_candidates

PUBLISHED = datetime(2026, 2, 14, 18, tzinfo=UTC)


def speakers(text: str, language: str) -> list[str | None]:
    return [row.claimed_by for row in find_candidates(text, published=PUBLISHED, language=language)]


@pytest.mark.parametrize(
    ("text", "language", "speaker"),
    [
        ("Some 300 homes in Saltmere had no power, Mayor Jane Lee said.", "en", "Mayor Jane Lee"),
        ("According to Northern Grid, 300 homes in Saltmere have no power.", "en", "Northern Grid"),
        ("The network operator said on Friday that 300 homes had no power.", "en", "network operator"),
        ("Без світла 300 абонентів, повідомив голова ОВА Олег Гай.", "uk", "голова ОВА Олег Гай"),
        ("За даними Міненерго, без світла 300 абонентів.", "uk", "Міненерго"),
        ("Без света 300 абонентов, сообщил губернатор Олег Гай.", "ru", "губернатор Олег Гай"),
        ("Без тепла 12 домов, сообщили в мэрии.", "ru", "мэрии"),
        ("Ohne Strom sind 300 Haushalte, teilten die Stadtwerke mit.", "de", "Stadtwerke"),
        ("Nach Angaben von Nordnetz sind 300 Haushalte ohne Strom.", "de", "Nordnetz"),
    ],
)
def test_a_figure_names_who_states_it(text: str, language: str, speaker: str) -> None:
    assert speakers(text, language) == [speaker]


def test_he_is_who_spoke_before_and_another_sentence_has_no_speaker() -> None:
    text = "No heat in 40 buildings, Mayor Jane Lee said. He said 200 homes had no water. Some 70 homes have no gas."
    assert speakers(text, "en") == ["Mayor Jane Lee", "Mayor Jane Lee", None]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Some 300 homes in Saltmere had no power on Friday.", "en"),
        ("Без світла 300 абонентів у Полтаві.", "uk"),
        ("Без света 300 абонентов в Белгороде.", "ru"),
        ("Ohne Strom sind 300 Haushalte in Weidenau.", "de"),
    ],
)
def test_where_nobody_is_named_nobody_states_it(text: str, language: str) -> None:
    assert speakers(text, language) == [None]
