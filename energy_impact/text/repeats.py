"""Figures that a text states more than once, as in a title, a caption and the text itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.candidate import Candidate

MOST_ALIKE = 20
"""Rows of equal numbers that a row is compared with, so that the work stays linear."""


def without_repeats(rows: Sequence[Candidate], headline: int = 0) -> tuple[Candidate, ...]:
    """
    Return each figure once: the one of highest confidence, of equals the one that says more.

    A headline, which ends at the character `headline`, gives way to the text under it, which says more.
    """
    kept: dict[tuple[object, ...], list[Candidate]] = defaultdict(list)
    for row in rows:
        key = (row.quantity, row.value, row.value_high, row.kind, row.qualifier if row.value is None else "")
        alike = kept[key][:MOST_ALIKE]
        at = next((at for at, other in enumerate(alike) if _same(row, other, headline)), None)
        if at is None:
            kept[key].append(row)
        elif alike[at].start < headline <= row.start:
            kept[key][at] = _under(row, alike[at])
        elif row.confidence > alike[at].confidence or _says_more(row, alike[at]):
            kept[key][at] = _merged(row, alike[at])
        else:
            kept[key][at] = _timed(alike[at], row)
    return tuple(sorted((row for rows in kept.values() for row in rows), key=lambda row: row.start))


def _under(row: Candidate, title: Candidate) -> Candidate:
    """Return a row of the text, with what only the headline says."""
    place, confidence = row.place or title.place, max(row.confidence, title.confidence)
    return _timed(replace(row, place=place, confidence=confidence), title)


def _says_more(row: Candidate, other: Candidate) -> bool:
    """Whether an equally sure row says how the same number is worded, and the other does not."""
    return row.confidence == other.confidence and row.qualifier != other.qualifier == "exact"


def _merged(row: Candidate, other: Candidate) -> Candidate:
    """Return a row with the place of an earlier one where it has none, and its words where they say as much."""
    row = _timed(replace(row, place=row.place or other.place), other)
    same = row.qualifier == other.qualifier
    return replace(row, start=other.start, end=other.end, quote=other.quote) if same else row


def _timed(row: Candidate, other: Candidate) -> Candidate:
    """Return a row with the time of another one where that is closer: a headline says less of it than the text."""
    if row.time is None or other.time is None or other.time_uncertainty_h >= row.time_uncertainty_h:
        return row
    reason = f"{row.reason.rsplit('; ', 1)[0]}; {other.reason.rsplit('; ', 1)[-1]}"
    return replace(row, time=other.time, time_uncertainty_h=other.time_uncertainty_h, reason=reason)


def _same(row: Candidate, other: Candidate, headline: int) -> bool:
    places = row.place is None or other.place is None or _bare(row.place) == _bare(other.place)
    places = places or other.start < headline <= row.start
    apart = abs((row.time - other.time).total_seconds()) if row.time and other.time else 0.0
    return places and apart <= 3600 * (row.time_uncertainty_h + other.time_uncertainty_h + 12)


def _bare(place: str) -> str:
    """Return the name that a city shares with its region."""
    return place.removesuffix(" region")
