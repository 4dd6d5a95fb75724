"""One candidate: a figure as an article words it, before a person has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Candidate:
    """
    A figure found in a text.

    Attributes
    ----------
    start, end : int
        Characters of the figure in the text as given.
    quote : str
        ``text[start:end]``.
    quantity, qualifier, kind, unit : str
        As in the table of figures.
    value, value_high : float or None
        Number, and the upper end of a range; None for a word such as "hundreds".
    place : str or None
        Place; None where the text states none.
    time : datetime or None
        Time, timezone-aware in UTC; None where the text states none.
    time_uncertainty_h : float
        Possible error of the time to either side. [h]
    period_start : datetime or None
        Start of the period of a change, flow or extreme, where the text states it.
    claimed_by : str or None
        Who states the figure, in the words of the text, where its sentence names them.
    confidence : float
        Probability that value, quantity and qualifier are right and that it is a figure of the present. [0 to 1]
    reason : str
        What the reading rests on, in a few words.
    event : str or None
        Event of the scenario the figure belongs to. No text names it; a person sets it.
    note : str
        What else the text says, such as the total that a count is part of.
    beside : float or None
        Value of the count of other customers that its sentence states too, of which it is no repeat.
    """

    start: int
    end: int
    quote: str
    quantity: str
    value: float | None
    value_high: float | None
    qualifier: str
    kind: str
    unit: str
    place: str | None
    time: datetime | None
    time_uncertainty_h: float
    period_start: datetime | None
    claimed_by: str | None
    confidence: float
    reason: str
    event: str | None = None
    note: str = ""
    beside: float | None = None
