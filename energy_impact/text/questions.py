"""What a person has yet to say of the candidates, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.quantities import QUANTITIES
from energy_impact.text.row import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from energy_impact.text.row import Row


def questions(rows: Iterable[Row]) -> list[tuple[str, str, str]]:
    """Return id, what it is about, and the question, for all that is open."""
    return [(row.id, about, question(row, about)) for row in rows for about in row.asked]


def question(row: Row, about: str) -> str:
    """Return the question about the "place", the "time" or the "confidence" of a candidate."""
    if about == "confidence":
        return f"Does “{row.quote}” mean {row.meaning}? Unsure: {shown(row.found.reason) or 'no word supports it'}."
    asked = {"place": "Of which place", "time": "Of which day"}[about]
    return f"{asked} is the “{row.quote}” ({QUANTITIES[row.found.quantity].meaning})?"
