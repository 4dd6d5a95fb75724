"""Tables in a text, whose columns are parted by "|": what their headings say of the numbers below them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from energy_impact.text.meaning import DEFAULT_UNITS, quantity_of
from energy_impact.text.special import Meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.counted import Counted
    from energy_impact.text.cues import Cue
    from energy_impact.text.lexicon import Sentence

BORDER = "|"
"""Mark between the columns of a table."""
_DOUBT = 0.1
"""What a heading takes from the confidence in a number below it. (judgement)"""
_COUNTED = frozenset({"customers", "households", "people", "buildings"})


@dataclass(frozen=True)
class Column:
    """What the numbers of a column count: a quantity, and the words of its heading; no quantity for other numbers."""

    quantity: str | None
    heading: str


def columns_of(sentence: Sentence, found: Sequence[Cue], system: str) -> tuple[Column, ...]:
    """Return the columns of a heading, a line without numbers that says who is out in one of them; else none."""
    tokens = sentence.tokens
    borders = [at for at, token in enumerate(tokens) if token.text == BORDER]
    ends = [*borders, len(tokens)]
    starts = (0, *(at + 1 for at in borders))
    if not borders or any(tokens[first].kind == "number" for first in starts if first < len(tokens)):
        return ()
    columns = tuple(_column(sentence, found, system, first, end) for first, end in zip(starts, ends, strict=True))
    return columns if any(column.quantity for column in columns) else ()


def _column(sentence: Sentence, found: Sequence[Cue], system: str, first: int, end: int) -> Column:
    heading = " ".join(token.text for token in sentence.tokens[first:end])
    cue = next((cue for cue in found if first < cue.end <= end), None)
    if cue is None:
        return Column(None, heading)
    named = cue.systems[0] if cue.systems else system or "power"
    units = [tag.value for tag in sentence.of("unit") if first <= tag.start < end]
    unit = next((unit for unit in units if unit in _COUNTED), "customers" if "homes" in units else DEFAULT_UNITS[named])
    return Column(quantity_of(named, cue.state, unit, share="percent" in units), heading)


def in_table(sentence: Sentence, columns: Sequence[Column]) -> bool:
    """Whether a sentence is a row of a table with these columns."""
    return bool(columns) and sum(token.text == BORDER for token in sentence.tokens) == len(columns) - 1


def cell(sentence: Sentence, item: Counted, columns: Sequence[Column]) -> Meant | None:
    """Return what a number in a row means by the heading of its column; None where that is no figure."""
    column = columns[sum(token.text == BORDER for token in sentence.tokens[: item.amount.first])]
    value = item.amount.value
    if column.quantity is None or value is None:
        return None
    kind = "flow" if column.quantity.endswith("_restored") and not item.amount.share else "stock"
    return Meant(column.quantity, value, item.amount.high, kind, _DOUBT, f"“{column.heading}”")
