"""Sentences read as those of one Wednesday evening, for tests of what a careful reader would write down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from energy_impact.text.grammar import find_candidates

if TYPE_CHECKING:
    from energy_impact.text.candidate import Candidate

PUBLISHED = datetime(2026, 2, 4, 18, tzinfo=ZoneInfo("Europe/Kyiv"))
"""A Wednesday."""
OUT, BACK = "power_customers_out", "power_customers_restored"


def read(language: str, text: str) -> tuple[Candidate, ...]:
    """Return the candidates of a text."""
    return find_candidates(text, published=PUBLISHED, language=language)


def stated(language: str, text: str) -> list[tuple[str, float | None]]:
    """Return quantity and value of each candidate of a text."""
    return [(row.quantity, row.value) for row in read(language, text)]


def clock(row: Candidate) -> str:
    """Return the time of a row on the clocks of the publication, as weekday and hour."""
    assert row.time is not None
    return row.time.astimezone(PUBLISHED.tzinfo).strftime("%a %H:%M")
