"""What a reading says of text in another language than the one read."""

from __future__ import annotations

import pytest

import energy_impact as ei
from energy_impact.text.lexicon import LANGUAGES

NONE = f"not read: its language is none of {', '.join(LANGUAGES)}"
ENGLISH = "On Saturday morning 6,000 homes in Kyiv were without power and heat as of 8 am. "
UKRAINIAN = "За даними енергетиків, без світла у Києві лишаються 5000 абонентів. Це не все, що відомо на ранок."


def shown(text: str) -> str:
    return repr(ei.read_text(text, published="2026-01-24T14:00+02:00"))


@pytest.mark.parametrize(
    "text",
    [
        "6 000 foyers sont privés d'électricité à Paris ce matin, selon le maire de la ville.",
        "W Warszawie 6000 domów jest bez prądu od rana, poinformował operator.",
        "انقطعت الكهرباء عن 6000 منزل في المدينة صباح اليوم",
    ],
)
def test_a_text_in_an_unknown_language_says_that_it_was_not_read(text: str) -> None:
    assert NONE in shown(text)


def test_a_text_in_two_languages_says_that_one_was_not_read() -> None:
    assert "read as uk: parts in another language were not" in shown(ENGLISH + UKRAINIAN)


@pytest.mark.parametrize("text", [ENGLISH, UKRAINIAN, "", "No power."])
def test_a_text_in_one_language_says_nothing(text: str) -> None:
    assert "read" not in shown(text).removeprefix("Reading")
