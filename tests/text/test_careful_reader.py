"""What a careful reader would write down, and would leave out: who is out, who is back, and what counts neither."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from energy_impact.text.grammar import find_candidates

if TYPE_CHECKING:
    from energy_impact.text.candidate import Candidate

PUBLISHED = datetime(2026, 2, 4, 18, tzinfo=ZoneInfo("Europe/Kyiv"))
"""A Wednesday."""
OUT, BACK = "power_customers_out", "power_customers_restored"


def read(language: str, text: str) -> tuple[Candidate, ...]:
    return find_candidates(text, published=PUBLISHED, language=language)


def stated(language: str, text: str) -> list[tuple[str, float | None]]:
    return [(row.quantity, row.value) for row in read(language, text)]


@pytest.mark.parametrize(
    ("language", "text", "quantity"),
    [
        ("en", "The remaining 340 customers in Marlow were reconnected at 11 p.m. on Tuesday.", BACK),
        ("en", "The remaining 340 customers in Marlow are being reconnected.", OUT),
        ("en", "Restoration of power to 340 customers in Marlow continues.", OUT),
        ("en", "Power is back in most of Marlow, 340 homes remain.", OUT),
        ("de", "Die letzten 340 Haushalte in Jena wurden um 14 Uhr wieder mit Strom versorgt.", BACK),
        ("de", "Die restlichen 340 Haushalte in Jena werden derzeit wieder angeschlossen.", OUT),
        ("de", "Die Wiederherstellung der Stromversorgung für 340 Haushalte in Jena dauert an.", OUT),
        ("uk", "Решті 340 абонентів у Сумах світло вже дали.", BACK),
        ("uk", "Решту 340 абонентів у Сумах зараз підключають до електромережі.", OUT),
        ("uk", "Триває відновлення електропостачання 340 абонентів у Сумах.", OUT),
        ("ru", "Оставшиеся 340 абонентов в Сумах подключили к электроснабжению в 14:00.", BACK),
        ("ru", "Продолжается восстановление света для остальных 340 абонентов в Сумах.", OUT),
    ],
)
def test_the_rest_is_back_once_it_was_given_back(language: str, text: str, quantity: str) -> None:
    assert stated(language, text) == [(quantity, 340)]


def test_the_rest_that_and_lists_with_a_time_is_back_too() -> None:
    text = "About 6,000 customers in Marlow lost power. 5,750 were restored by noon, and the remaining 250 by 2 p.m."
    assert stated("en", text) == [(OUT, 6000), (BACK, 5750), (BACK, 250)]
    text = "Power was restored to 5,750 customers in Marlow, and the remaining 250 are out."
    assert stated("en", text) == [(BACK, 5750), (OUT, 250)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Power was given back to 12,000 of the 30,000 customers who had been left without it in Marlow."),
        ("uk", "Світло повернули 12 тисячам із 30 тисяч абонентів, які напередодні залишилися без електропостачання."),
        ("ru", "Свет вернули 12 тысячам из 30 тысяч абонентов, которые накануне остались без электроснабжения."),
    ],
)
def test_those_who_lost_it_are_the_total_of_those_who_have_it_back(language: str, text: str) -> None:
    assert stated(language, text) == [(BACK, 12_000), (OUT, 30_000)]
