"""A text with invented candidates."""

from __future__ import annotations

from datetime import UTC, datetime

from energy_impact.text.candidate import Candidate

NOON = "2026-01-24T12:00+02:00"
TEXT = (
    "Some 6,200 apartment blocks in Northport had no heating on Saturday morning.\n\n"
    "At least 1.3 million consumers were without electricity, 750,000 of them in Oldhaven.\n"
)
MORNING = datetime(2026, 1, 24, 7, tzinfo=UTC)


def candidate(text: str, quote: str, quantity: str, value: float | None, **fields: object) -> Candidate:
    """A candidate whose place in the text is where the quote stands."""
    start = text.index(quote)
    usual = {
        "value_high": None,
        "qualifier": "about",
        "kind": "stock",
        "unit": "count",
        "place": "Northport",
        "time": MORNING,
        "time_uncertainty_h": 2.0,
        "period_start": None,
        "claimed_by": None,
        "confidence": 0.9,
        "reason": "heat; building",
    }
    return Candidate(start, start + len(quote), quote, quantity, value, **(usual | fields))
