"""The moments that stated times stand for, from a publication on Saturday, 24 January 2026, 18:00 in Kyiv."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

import energy_impact as ei
from energy_impact.text.lexicon import Sentence, lexicon_of
from energy_impact.text.times import CLOCK_ERROR_H, DAY_ERROR_H, times
from energy_impact.text.tokens import sentences

KYIV = ZoneInfo("Europe/Kyiv")
PUBLISHED = datetime(2026, 1, 24, 18, tzinfo=KYIV)


def moment(text: str, language: str = "en") -> tuple[str, float]:
    """Moment of the one time of a sentence on the clocks of Kyiv, and its possible error [h]."""
    lexicon = lexicon_of(language)
    (tokens,) = sentences(text, lexicon.dots)
    (mention,) = times(Sentence(tokens, lexicon))
    found, error = mention.moment(PUBLISHED, KYIV)
    assert found.tzinfo is UTC
    return f"{found.astimezone(KYIV):%m-%d %H:%M}", error


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("as of 8 am", "01-24 08:00"),
        ("at 12 am", "01-24 00:00"),
        ("at 8:30 pm", "01-23 20:30"),  # of the evening before, since it is not yet that late
        ("on Friday at 6 pm", "01-23 18:00"),
        ("at 9 am on 20 January", "01-20 09:00"),
        ("at 9 am on January 20, 2026", "01-20 09:00"),
    ],
)
def test_a_clock_time_is_the_latest_up_to_publication(text: str, stated: str) -> None:
    assert moment(text) == (stated, CLOCK_ERROR_H)


@pytest.mark.parametrize(
    ("text", "language", "stated"),
    [
        ("о 8 вечора у п'ятницю", "uk", "01-23 20:00"),
        ("о 8 ранку", "uk", "01-24 08:00"),
        ("о 2 ночі", "uk", "01-24 02:00"),
        ("um 8.30 Uhr", "de", "01-24 08:30"),
        ("at 10 at night", "en", "01-23 22:00"),
        ("at 11 o'clock at night", "en", "01-23 23:00"),
        ("at 11:30 Friday night", "en", "01-23 23:30"),
        ("at 8 am overnight", "en", "01-24 08:00"),
        ("об 11 ночі", "uk", "01-23 23:00"),
        ("о 12 ночі", "uk", "01-24 00:00"),
        ("о 2 годині дня", "uk", "01-24 14:00"),
        ("станом на 23 годину вечора", "uk", "01-23 23:00"),
        ("увечері о 9:15", "uk", "01-23 21:15"),
        ("о пів на дев'яту ранку", "uk", "01-24 08:30"),
        ("в 11 ночи", "ru", "01-23 23:00"),
        ("в 3 часа ночи", "ru", "01-24 03:00"),
        ("в 9 часов вечера", "ru", "01-23 21:00"),
        ("в 11 часов дня", "ru", "01-24 11:00"),
        ("в час ночи", "ru", "01-24 01:00"),
        ("um 11 Uhr nachts", "de", "01-23 23:00"),
        ("um 3 Uhr nachmittags", "de", "01-24 15:00"),
        ("um 9 Uhr am Freitagabend", "de", "01-23 21:00"),
        ("um halb neun Uhr", "de", "01-24 08:30"),
    ],
)
def test_an_hour_of_a_part_of_the_day_is_one_of_the_clock(text: str, language: str, stated: str) -> None:
    assert moment(text, language) == (stated, CLOCK_ERROR_H)


def test_a_day_without_an_hour_is_its_noon_within_half_a_day() -> None:
    assert moment("on Wednesday") == ("01-21 12:00", DAY_ERROR_H)
    assert moment("yesterday") == ("01-23 12:00", DAY_ERROR_H)


def test_a_length_of_time_ago_is_unsure_by_half_its_unit() -> None:
    assert moment("two days ago") == ("01-22 18:00", 12.0)
    assert moment("a week ago") == ("01-17 18:00", 84.0)


@pytest.mark.parametrize(
    ("text", "language", "hour"),
    [
        ("As of 6 pm 6,000 homes in Kyiv were without power.", "en", 18),
        ("At 18:00 on 24 January 6,000 homes in Kyiv were without power.", "en", 18),
        ("Two hours ago 6,000 homes in Kyiv were without power.", "en", 12),
        ("Станом на 18:00 у Києві без світла 6000 будинків.", "uk", 18),
        ("По состоянию на 18:00 в Киеве без света 6000 домов.", "ru", 18),
        ("Um 18 Uhr waren in Kiew 6.000 Häuser ohne Strom.", "de", 18),
        ("17 Uhr: In Kiew sind noch 6.000 Haushalte ohne Strom.", "de", 17),
        ("6,000 homes in Kyiv are without power.", "en", 14),
    ],
)
def test_all_of_a_day_of_publication_counts_as_past_in_the_zone_of_the_place(text, language, hour):
    row = ei.read_text(text, published="2026-01-24", language=language).candidates.iloc[0]
    assert row["time"].tz_convert("Europe/Kyiv").isoformat() == f"2026-01-24T{hour}:00:00+02:00"
