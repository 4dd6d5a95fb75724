"""What a person has yet to say of the candidates, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from energy_impact.quantities import QUANTITIES
from energy_impact.text.row import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from energy_impact.text.row import Row

_WHICH = "Which of the places given is {place}, of the {what}?"
_ASKED = {
    "place": "Of which place is the {}?",
    "time": "Of which day is the {}?",
    "period_start": "Since when does the {} count?",
}


class Question(NamedTuple):
    """The id of a candidate, the column (or "confidence") that a question is about, and the question."""

    id: str
    about: str
    question: str

    def __str__(self) -> str:
        return f"{self.id}: {self.question}"


def questions(rows: Iterable[Row]) -> tuple[Question, ...]:
    """Return a question for all that a person has yet to say of the rows."""
    return tuple(Question(row.id, about, _question(row, about)) for row in rows for about in row.asked)


def _question(row: Row, about: str) -> str:
    if about == "confidence":
        return f"Does “{row.quote}” mean {row.meaning}? Unsure: {shown(row.found.reason) or 'no word supports it'}."
    what = f"“{row.quote}” ({QUANTITIES[row.found.quantity].meaning})"
    if about == "place" and row.found.place is not None:
        return _WHICH.format(place=row.found.place, what=what)
    return _ASKED[about].format(what)
