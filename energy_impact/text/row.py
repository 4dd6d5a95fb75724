"""What a reading consists of: articles, and rows, each a candidate with its id, its source and the decision on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from energy_impact._checks import key_faults
from energy_impact.figures import cells
from energy_impact.figures.figure import COLUMNS, Figure
from energy_impact.figures.kinds import kind_of
from energy_impact.figures.rows import read_row
from energy_impact.figures.table import FigureError
from energy_impact.places import shipped_places
from energy_impact.quantities import QUANTITIES
from energy_impact.results.report.markup import readable
from energy_impact.results.tables.conflicts import Pair, related_pairs
from energy_impact.text.candidate import Candidate
from energy_impact.text.gazetteer import listed_zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from energy_impact.places import Place

SURE = 0.8
"""Confidence from which a candidate is not asked about: of those above, 95 % are meant to be right."""
EVENING_H = 18
"""Hour of the evening from which the size of a night's attack counts, as in `seeds/README.md`. [h]"""
MOST_ROWS = 300
"""Rows that are shown with marks at most, and compared with each other where nobody asks for it."""
_LONGEST_QUOTE = 60
_SETTABLE = tuple(field.name for field in fields(Candidate) if field.name in COLUMNS)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of a text, and could show a number in another order than it has."""


@dataclass(frozen=True)
class Article:
    """A text, when it was published [UTC], in which language, and its source as figures name it."""

    text: str
    published: pd.Timestamp
    language: str
    source: str


@dataclass(frozen=True)
class Row:
    """
    A candidate with its id, its source and the decision on it.

    Attributes
    ----------
    id : str
        Name of the candidate, different for each: its source and a number.
    article : int
        Number of its article in the reading, from 0.
    source : str
        Source of its article, as figures name it.
    found : Candidate
        What was found in the text, with what a person changed.
    accepted : bool
        Whether a person accepted it.
    places : frozenset of str
        Names of the places given to the reading, with all their parts; empty if none were.
    """

    id: str
    article: int
    source: str
    found: Candidate
    accepted: bool = False
    places: frozenset[str] = frozenset()

    @property
    def cells(self) -> dict[str, object]:
        """Its cells in the table of figures, None where missing."""
        own = {"id": self.id, "source": self.source, "note": self.found.note or None}
        return {name: getattr(self.found, name, None) for name in COLUMNS} | own

    @property
    def quote(self) -> str:
        """Its words as one line that can be shown, shortened."""
        words = shown(self.found.quote)
        return words if len(words) <= _LONGEST_QUOTE else f"{words[: _LONGEST_QUOTE - 3]}..."

    @property
    def noted(self) -> dict[str, object]:
        """Its cells with the quote at the start of the note."""
        note = f"“{self.quote}”; {shown(self.found.note)}" if self.found.note else f"“{self.quote}”"
        return self.cells | {"note": note}

    @property
    def figure(self) -> Figure:
        """The figure that it states, with blanks in the place of faults."""
        return read_row(self.cells, 0, (), [])

    @property
    def faults(self) -> list[str]:
        """What keeps it out of a table of figures."""
        faults: list[str] = []
        read_row(self.cells, 0, (), faults)
        return [fault.replace("row 0", self.id, 1) for fault in faults]

    @property
    def asked(self) -> tuple[str, ...]:
        """What a person has yet to say of it: "place", "time", "period_start", "confidence"."""
        if self.accepted:
            return ()
        needs_start = kind_of(self.found.kind).needs_start(QUANTITIES[self.found.quantity])
        needed = ("place", "time", *(("period_start",) if needs_start else ()))
        missing = tuple(name for name in needed if getattr(self.found, name) is None or self._unknown(name))
        return (*missing, "confidence") if self.found.confidence < SURE else missing

    def _unknown(self, name: str) -> bool:
        """Whether a cell names a place that is none of those given."""
        return name == "place" and bool(self.places) and self.found.place not in self.places

    @property
    def state(self) -> str:
        """Whether it is "accepted", "to confirm" or "to check"."""
        return "accepted" if self.accepted else "to check" if self.asked else "to confirm"

    @property
    def meaning(self) -> str:
        """The figure in words, such as "at least 1,200,000 accounts without power" or "hundreds of buildings ..."."""
        figure, quantity = self.figure, QUANTITIES[self.found.quantity]
        between = " °C," if quantity.is_temperature else "" if figure.numbers else " of"
        return f"{figure.words.removeprefix('exact ')}{between} {quantity.meaning}"

    def changed(self, changes: Mapping[str, object]) -> Row:
        """
        Return it with some cells of its candidate changed.

        Raises
        ------
        FigureError
            If a cell is unknown or breaks a rule of the table of figures.
        """
        faults = key_faults(self.id, changes, _SETTABLE)
        found: list[str] = []
        figure = read_row({**self.cells, **changes}, 0, (), found)
        own = tuple(f"row 0, column {name}:" for name in changes)
        faults += [fault.replace("row 0", self.id, 1) for fault in found if fault.startswith(own)]
        if faults:
            raise FigureError(faults, "reading")
        values: dict[str, Any] = {name: getattr(figure, name) for name in changes}
        if "note" in values:
            values["note"] = values["note"] or ""
        return replace(self, found=replace(self.found, **values))


def related(rows: Iterable[Row]) -> list[Pair]:
    """Return the pairs of rows that contradict each other or report the same fact; rows with faults are in none."""
    known = {row.id: row for row in rows if not row.faults}
    pairs = related_pairs([row.figure for row in known.values()])
    return [pair for pair in pairs if not _is_beside(known.get(pair.first), known.get(pair.second))]


def _is_beside(one: Row | None, other: Row | None) -> bool:
    """Whether two rows count different customers of one sentence."""
    if one is None or other is None or one.article != other.article:
        return False
    first, second = one.found, other.found
    pairs = ((first.beside, second.value), (second.beside, first.value))
    return any(beside is not None and beside == value for beside, value in pairs)


def settled(found: Candidate, zones: Mapping[str, str]) -> Candidate:
    """
    Return a candidate without the times that lie outside the calendar of a table.

    The size of an attack counts from the evening before, on the clocks of its place, where the text says nothing else.
    """
    time, start = (value if _is_time(value) else None for value in (found.time, found.period_start))
    quantity = QUANTITIES[found.quantity]
    if time is None or start is not None or not (quantity.event_number or quantity.sum_of):
        return replace(found, time=time, period_start=start)
    local = time.astimezone(ZoneInfo(zones.get(found.place or "", "UTC")))
    evening = local.replace(hour=EVENING_H, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return replace(found, time=time, period_start=evening, reason=f"{found.reason}; counted from the evening before")


def _is_time(value: object) -> bool:
    try:
        return cells.read_time(value) is not None
    except ValueError:
        return False


def shown(text: str) -> str:
    r"""
    Return text as one line that can be shown anywhere.

    Control characters, and those that turn the direction of a text, become U+FFFD.

    Examples
    --------
    >>> shown("6,000\nblocks\x1b[31m").encode("ascii", "replace")
    b'6,000 blocks?[31m'
    """
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """Return text with control characters, and those that turn its direction, replaced by U+FFFD."""
    return _TURNING.sub("\ufffd", readable(text))


def zones(places: Iterable[Place]) -> dict[str, str]:
    """Return the timezones of places and all their parts by name, with those of shipped and of listed places."""
    shipped = {name: place.timezone for name, place in shipped_places().items()}
    return listed_zones() | shipped | {part.name: part.timezone for place in places for part in place.walk()}


def stated_time(row: Row, zones: Mapping[str, str]) -> str:
    """Return the time of a row on the clocks of its place, else in UTC, with its uncertainty; "?" if it has none."""
    if row.found.time is None:
        return "?"
    zone = zones.get(row.found.place or "")
    time = row.figure.time.tz_convert(zone or "UTC")
    return f"{time:%Y-%m-%d %H:%M}{'' if zone else ' UTC'} ± {row.found.time_uncertainty_h:g} h"
