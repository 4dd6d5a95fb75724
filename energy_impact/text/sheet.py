"""A reading for the terminal, and as a CSV file in which a person decides."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from energy_impact.figures.figure import COLUMNS
from energy_impact.results.terminal import aligned
from energy_impact.text.questions import questions
from energy_impact.text.row import MOST_ROWS, related, shown, stated_time, zones

if TYPE_CHECKING:
    from collections.abc import Mapping

    from energy_impact.text.reading import Reading
    from energy_impact.text.row import Row

_HEADER = ("accept", "question", *COLUMNS, "start", "end", "confidence", "reason")
_FORMULA = ("=", "+", "-", "@")
"""A text that begins so is a formula to a spreadsheet; a blank before it, which `read_figures` drops, stops that."""


def listing(reading: Reading) -> str:
    """Return the candidates as aligned text, "?" before those to check, then what is left to say and what conflicts."""
    known = zones(reading.places)
    lines = [
        [
            {"to check": "?", "accepted": "yes"}.get(row.state, ""),
            row.id,
            f"{row.found.start}-{row.found.end}",
            shown(row.meaning),
            row.found.kind,
            shown(row.found.place or "?"),
            stated_time(row, known),
            f"{100 * row.found.confidence:.0f} %",
            f"“{row.quote}”",
        ]
        for row in reading.rows
    ]
    if not lines:
        return "No figure found"
    table = aligned(["", "id", "characters", "read as", "kind", "place", "time", "sure", "text"], lines)
    asked = [str(question) for question in questions(reading.rows)]
    pairs = related(reading.rows) if len(reading.rows) <= MOST_ROWS else []
    found = [f"{pair.first} and {pair.second}: {pair.relation}, {shown(pair.why)}" for pair in pairs]
    lists = {"Still to say:": asked, "Conflicts and repeats:": found}
    return "\n".join([table, *(line for title, rows in lists.items() if rows for line in ("", title, *rows))])


def csv_text(reading: Reading) -> str:
    """
    Return the candidates as a CSV file that `read_figures` takes once every row says yes or no.

    The column `accept` is empty where nobody has decided. Times are those of the clocks of the place.
    """
    known = zones(reading.places)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_HEADER)
    for row in reading.rows:
        asked = " ".join(question for _, _, question in questions([row]))
        found = row.found
        place = ("yes" if row.accepted else "", asked, *_cells(row, known))
        writer.writerow((*place, found.start, found.end, f"{found.confidence:.2f}", _text(found.reason)))
    return file.getvalue()


def _cells(row: Row, zones: Mapping[str, str]) -> list[object]:
    """Return the cells of the table of figures, as text."""
    zone = zones.get(row.found.place or "", "UTC")
    return [_cell(value, ZoneInfo(zone)) for value in row.noted.values()]


def _cell(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="minutes")
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    line = shown(text)
    return f" {line}" if line.startswith(_FORMULA) else line
