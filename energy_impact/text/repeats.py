"""Figures that a text states more than once, as in a title, a caption and the text itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.candidate import Candidate


def without_repeats(rows: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return each figure once: the one of highest confidence, the first of equals."""
    kept: dict[tuple[object, ...], Candidate] = {}
    for row in rows:
        key = (row.quantity, row.value, row.value_high, row.kind, row.qualifier if row.value is None else "")
        other = kept.get(key)
        if other is None:
            kept[key] = row
        elif not _same(row, other):
            kept[*key, row.start] = row
        elif row.confidence > other.confidence:
            kept[key] = replace(row, place=row.place or other.place)
    return tuple(sorted(kept.values(), key=lambda row: row.start))


def _same(row: Candidate, other: Candidate) -> bool:
    places = row.place is None or other.place is None or row.place == other.place
    apart = abs((row.time - other.time).total_seconds()) if row.time and other.time else 0.0
    return places and apart <= 3600 * (row.time_uncertainty_h + other.time_uncertainty_h + 12)
