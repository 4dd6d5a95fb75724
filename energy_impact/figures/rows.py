"""The rules for one row of the table of figures: types of its cells, and their consistency."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from energy_impact._checks import brief, nearest
from energy_impact.bounds import OF_FIELD, OF_UNIT, Bounds
from energy_impact.figures import cells
from energy_impact.figures.figure import UNITS, Figure
from energy_impact.figures.kinds import KINDS
from energy_impact.figures.qualifiers import QUALIFIERS, SAID_ALSO, Subject
from energy_impact.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from energy_impact.records import Quantity

    RawCells = Mapping[str, object]

T = TypeVar("T")

REQUIRED = ("id", "time", "place", "quantity", "value", "qualifier", "kind", "source")

_NO_TIME = pd.Timestamp(0, tz="UTC")
_WITH_TWO_NUMBERS = " or ".join(repr(name) for name, word in QUALIFIERS.items() if word.reading.numbers == 2)


@dataclass(frozen=True)
class _Row:
    """The raw cells of a row, and their faults: at most one per column."""

    cells: RawCells
    line: int
    faults: list[str]
    faulty: set[str] = field(default_factory=set)

    def fault(self, column: str, rule: str) -> None:
        if column not in self.faulty:
            self.faulty.add(column)
            self.faults.append(f"row {self.line}, column {column}: {rule}")

    def read(self, column: str, reader: Callable[[object], T | None]) -> T | None:
        """Return a cell in its type; None if missing or faulty."""
        cell = self.cells[column]
        if cell is None or (isinstance(cell, str) and not cell):
            return None
        try:
            return reader(cell)
        except ValueError as error:
            self.fault(column, str(error))
            return None

    def text(self, column: str) -> str | None:
        return self.read(column, _READERS.get(column, cells.read_text))

    def shown(self, column: str) -> str:
        return cells.shown(self.cells[column])


def read_row(raw: RawCells, line: int, absent: Iterable[str], faults: list[str]) -> Figure:
    """
    Return the figure of one row.

    Parameters
    ----------
    raw : mapping of str to object
        A cell for every column.
    line : int
        Number of the row in messages.
    absent : iterable of str
        Columns missing from the table, which are already faults.
    faults : list of str
        Faults of the row are appended; the figure has blanks in their place.
    """
    row = _Row(raw, line, faults, set(absent))
    figure = Figure(**_fields(row))
    for column in REQUIRED:
        if column != "value" and cells.is_missing(raw[column]):
            row.fault(column, "must not be empty")
    if "quantity" not in row.faulty:
        quantity = QUANTITIES[figure.quantity]
        _check_unit(figure, quantity, row)
        if "qualifier" not in row.faulty:
            _check_presence(figure, quantity, row)
        if "unit" not in row.faulty:
            _check_bounds(figure, quantity, row)
        if "kind" not in row.faulty and figure.period_start is None and figure.reads_as.needs_start(quantity):
            row.fault("period_start", f"must not be empty for kind {figure.kind!r} of {quantity.name}")
    _check_order(figure, row)
    return figure


def _fields(row: _Row) -> dict[str, Any]:
    """Return the fields of a figure, with its unit filled in and blanks for faulty cells."""
    fields: dict[str, Any] = {
        "id": row.text("id") or "",
        "time": row.read("time", cells.read_time) or _NO_TIME,
        "place": row.text("place") or "",
        "quantity": row.text("quantity") or "",
        "value": row.read("value", cells.read_number),
        "value_high": row.read("value_high", cells.read_number),
        "qualifier": row.text("qualifier") or "",
        "kind": row.text("kind") or "",
        "unit": row.text("unit") or "",
        "source": row.text("source") or "",
        "period_start": row.read("period_start", cells.read_time),
        "time_uncertainty_h": row.read("time_uncertainty_h", cells.read_number) or 0.0,
        "claimed_by": row.text("claimed_by"),
        "event": row.text("event"),
        "note": row.text("note"),
    }
    known = QUANTITIES.get(fields["quantity"])
    if known is not None and not fields["unit"]:
        fields["unit"] = "share" if known.is_share else "count"
    return fields


def repeated_ids(ids: Sequence[str], rows: Sequence[int]) -> list[str]:
    """Return a fault for every row with the id of an earlier row; `rows` are their numbers."""
    first: dict[str, int] = {}
    return [
        f"row {row}, column id: must be unique, got {name!r} as in row {first[name]}"
        for name, row in zip(ids, rows, strict=True)
        if name and first.setdefault(name, row) != row
    ]


def _read_quantity(cell: object) -> str | None:
    text = cells.read_text(cell)
    if text is not None and text not in QUANTITIES:
        raise ValueError(f"must be a known quantity, got {brief(text)}{nearest(text, QUANTITIES)}")
    return text


def _read_word(choices: Sequence[str], cell: object) -> str | None:
    text = cells.read_text(cell)
    if text is None or text in choices:
        return text
    same = SAID_ALSO.get(text.strip().lower().replace("_", " "))
    if same in choices:
        raise ValueError(f"{text!r} is not one of {', '.join(choices)} ({same!r} means the same)")
    raise ValueError(f"{brief(text)} is not one of {', '.join(choices)}{nearest(text, choices)}")


_READERS: dict[str, Callable[[object], str | None]] = {
    "quantity": _read_quantity,
    "qualifier": partial(_read_word, tuple(QUALIFIERS)),
    "kind": partial(_read_word, tuple(KINDS)),
    "unit": partial(_read_word, UNITS),
}
"""How texts of a column of fixed words are read."""


def _check_unit(figure: Figure, quantity: Quantity, row: _Row) -> None:
    if figure.is_share and not (quantity.stock or quantity.is_share):
        row.fault("unit", f"must be 'count' for {quantity.name}, which has no stock, got 'share'")
    elif figure.unit == "count" and quantity.is_share:
        row.fault("unit", f"must be 'share' for {quantity.name}, got 'count'")


def _check_presence(figure: Figure, quantity: Quantity, row: _Row) -> None:
    """Check that the wording has the numbers that it needs, and that it suits the quantity."""
    name, needed = figure.qualifier, figure.wording.reading.numbers
    statement = quantity.unit == "statement"
    if statement or needed == 0:
        if not cells.is_missing(row.cells["value"]):
            reason = quantity.name if statement else f"qualifier {name!r}"
            row.fault("value", f"must be empty for {reason}, got {row.shown('value')}")
    elif figure.value is None:
        row.fault("value", f"must not be empty for qualifier {name!r}")
    if needed == 2 and not statement:
        if figure.value_high is None:
            row.fault("value_high", f"must not be empty for qualifier {name!r}")
    elif not cells.is_missing(row.cells["value_high"]):
        row.fault(
            "value_high", f"must be empty except for qualifier {_WITH_TWO_NUMBERS}, got {row.shown('value_high')}"
        )
    subject: Subject = "share" if figure.is_share else "temperature" if quantity.is_temperature else "count"
    if subject not in figure.wording.speaks_of:
        row.fault(
            "qualifier", f"{name!r} must qualify a count, got {quantity.name} in {_bounds(figure, quantity).noun}"
        )


def _check_bounds(figure: Figure, quantity: Quantity, row: _Row) -> None:
    bounds = _bounds(figure, quantity)
    for name, number in (("value", figure.value), ("value_high", figure.value_high)):
        if number is None:
            continue
        if not bounds.hold(number):
            of_share = 0 < number < 1 and bounds.whole and quantity.stock is not None
            hint = " (a share of the stock needs the unit 'share')" if of_share else ""
            row.fault(name, f"must be {bounds.rule}, got {row.shown(name)}{hint}")
        elif bounds.whole and cells.is_grouped(row.cells[name]):
            row.fault(name, f"must not group digits with a point, got {row.shown(name)}: write 6000 for six thousand")


def _bounds(figure: Figure, quantity: Quantity) -> Bounds:
    """Return the bounds of a figure's number."""
    return OF_UNIT["share" if figure.is_share else quantity.unit]


def _check_order(figure: Figure, row: _Row) -> None:
    """Check the order of values and times."""
    value, high, start = figure.value, figure.value_high, figure.period_start
    if value is not None and high is not None and not high > value:
        row.fault("value_high", f"must be above the value {value:g}, got {row.shown('value_high')}")
    if "time" not in row.faulty and start is not None and not start < figure.time:
        row.fault("period_start", f"must be before the time {figure.time.isoformat()}, got {start.isoformat()}")
    uncertainty = OF_FIELD["time_uncertainty_h"]
    if not uncertainty.hold(figure.time_uncertainty_h):
        row.fault("time_uncertainty_h", f"must be {uncertainty.rule}, got {row.shown('time_uncertainty_h')}")
