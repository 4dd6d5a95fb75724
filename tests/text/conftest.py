"""Texts with invented candidates, so that these tests do not rest on the grammar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import energy_impact as ei
from energy_impact.text import grammar
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


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Candidate]]:
    """Candidates that the grammar will find, by text."""
    known: dict[str, list[Candidate]] = {
        TEXT: [
            candidate(TEXT, "6,200", "heat_buildings_out", 6200),
            candidate(TEXT, "1.3 million", "power_customers_out", 1.3e6, qualifier="at_least", place=None),
            candidate(
                TEXT,
                "750,000",
                "power_customers_out",
                750_000,
                place="Oldhaven",
                time=None,
                confidence=0.5,
                note="part",
            ),
        ]
    }
    monkeypatch.setattr(grammar, "find_candidates", lambda text, **_: tuple(known.get(text, ())))
    return known


@pytest.fixture
def reading(found: dict[str, list[Candidate]]) -> ei.Reading:
    assert TEXT in found
    return ei.read_text(TEXT, published=NOON, language="en", source="Morning Post")
