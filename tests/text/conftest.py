"""A reading of a text with invented candidates, so that these tests do not rest on the grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import energy_impact as ei
from energy_impact.text import grammar
from tests.text.invented import NOON, TEXT, candidate

if TYPE_CHECKING:
    from energy_impact.text.candidate import Candidate


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
