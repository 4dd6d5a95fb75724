"""Amounts as people write them; the values are worked by hand."""

from __future__ import annotations

import pytest

from energy_impact.text.lexicon import Sentence, lexicon_of
from energy_impact.text.numbers import amounts, word_value
from energy_impact.text.tokens import sentences


def only(text: str, language: str = "en") -> tuple[float | None, float | None]:
    """Value and upper end of the one amount of a sentence."""
    lexicon = lexicon_of(language)
    (tokens,) = sentences(text, lexicon.dots)
    (amount,) = amounts(Sentence(tokens, lexicon))
    return amount.value, amount.high


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("12,480 customers", "en", 12480),
        ("one hundred and five homes", "en", 105),
        ("two hundred thousand homes", "en", 200_000),
        ("a hundred thousand homes", "en", 100_000),
        ("half a million people", "en", 500_000),
        ("1.3 million people", "en", 1_300_000),
        ("16 thousand 871 accounts", "en", 16_871),
        ("minus 12 degrees", "en", -12),
        ("zwölf Tausend Haushalte", "de", 12_000),
        ("dreiundzwanzigtausend Haushalte", "de", 23_000),
        ("2,5 тис. споживачів", "uk", 2500),
        ("двадцать пять тысяч абонентов", "ru", 25_000),
        ("three quarters of homes", "en", 0.75),
        ("one in four homes", "en", 0.25),
        ("30 % of homes", "en", 0.3),
    ],
)
def test_a_number_is_read_as_it_is_meant(text: str, language: str, value: float) -> None:
    assert only(text, language) == (pytest.approx(value), None)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("between 3 and 5 thousand homes", 3000, 5000),
        ("20-30 % of homes", 0.2, 0.3),
        ("-10 to -15 degrees", -15, -10),
    ],
)
def test_a_range_has_both_ends_in_order_and_in_one_scale(text: str, low: float, high: float) -> None:
    assert only(text) == (pytest.approx(low), pytest.approx(high))


def test_a_word_that_only_begins_as_a_number_is_none() -> None:
    numbers = lexicon_of("de").numbers
    assert word_value("dreiundzwanzig", numbers, "und") == 23
    assert word_value("dreieck", numbers, "und") is None
