"""A scenario to complete, from what texts state: a TOML file that says what is still unknown."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pandas as pd

from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.places import Place, is_coded_region, outermost, shipped_places
from energy_impact.systems import STOCKS
from energy_impact.text.row import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from energy_impact.text.reading import Reading

UNKNOWN = "?"
"""Stands for what a person has to fill in; no key of a scenario takes it."""
HORIZON_H = 240
"""Length of a drafted scenario. [h] (judgement)"""
OLDEST_DAYS = 10
"""Days before the first publication before which a figure does not set the start of the scenario (judgement)."""
_DEFAULTS = {field.name: field.default for field in dataclasses.fields(Place)}


def scenario_text(reading: Reading, figures: str) -> str:
    """
    Return a scenario as a TOML file, with `UNKNOWN` where a person has to say more.

    Parameters
    ----------
    reading : Reading
    figures : str
        Name of the file of its candidates, as `sheet.csv_text` writes them.
    """
    shipped = shipped_places()
    given = {part.name: part for place in reading.places for part in place.walk()}
    known = given or shipped
    names = list(dict.fromkeys(row.found.place for row in reading.rows if row.found.place is not None))
    roots = outermost([known[name] for name in names if name in known]) or list(reading.places)
    lines = [_place(place, shipped) for place in roots]
    lines += [_unknown_place(name, shipped) for name in names if name not in known]
    zone = roots[0].timezone if roots else "UTC"
    sources = ", ".join(dict.fromkeys(shown(article.source) for article in reading.articles))
    return "\n".join(
        [
            f"# Draft of a scenario from: {sources}",
            f'# "{UNKNOWN}" is unknown: fill it in. The scenario loads when none is left and {figures} is decided.',
            f"title = {_toml(f'Draft from {sources}')}",
            f"start = {_toml(_start(reading, zone))} # judgement: a midnight before the figures",
            f"horizon_h = {HORIZON_H} # judgement",
            "places = [",
            *(lines or [f'    "{UNKNOWN}", # no place was found']),
            "]",
            "",
            "[figures]",
            "# One row per candidate: say yes or no in the column accept, and fill in what a question is about.",
            f"file = {_toml(figures)}",
            *_events(reading),
            "",
        ]
    )


def unknown_parts(text: str) -> list[str]:
    """Return the lines of a drafted scenario that a person has to fill in, with their numbers."""
    lines = enumerate(text.splitlines(), 1)
    return [f"line {number}: {line.strip()}" for number, line in lines if line[0:1] != "#" and f'"{UNKNOWN}"' in line]


def _place(place: Place, shipped: Mapping[str, Place]) -> str:
    """Return the line of a known place: the name of a shipped one, or all that is known of another."""
    if place == shipped.get(place.name):
        whose = (
            "the sizes of the region: a city needs a name and sizes of its own"
            if is_coded_region(place)
            else "its sizes"
        )
        return f"    {_toml(place.name)}, # shipped, with {whose}"
    return f"    {_toml(_keys(place))},"


def _keys(place: Place, timezone: str = "UTC") -> dict[str, object]:
    """Return what a place says beyond the defaults and the timezone of the place around it."""
    defaults = _DEFAULTS | {"timezone": timezone}
    own = {name: getattr(place, name) for name in defaults if getattr(place, name) != defaults[name]}
    return own | ({"parts": [_keys(part, place.timezone) for part in place.parts]} if place.parts else {})


def _unknown_place(name: str, shipped: Mapping[str, Place]) -> str:
    sizes = ", ".join(STOCKS)
    region = shipped.get(name.removesuffix(" region"))
    same = region is not None and region.name != name and is_coded_region(region)
    instead = f"the shipped {_toml(region.name)} is it (--places {region.name}); or " if same and region else ""
    return (
        f"    {_toml({'name': shown(name), 'timezone': UNKNOWN})}, "
        f"# not among the places: {instead}add what is known of its sizes ({sizes}), as a number or [low, high]"
    )


def _start(reading: Reading, zone: str) -> str:
    """Return the midnight a day before the first of the figures and publications."""
    first = min(article.published for article in reading.articles)
    figures = [row.figure for row in reading.rows if row.found.time is not None]
    times = [figure.period_start or figure.time - pd.Timedelta(hours=figure.time_uncertainty_h) for figure in figures]
    oldest = first - pd.Timedelta(days=OLDEST_DAYS)
    earliest = min([first, *(time for time in times if time >= oldest)]).tz_convert(zone)
    return (earliest - pd.Timedelta(days=1)).normalize().isoformat(timespec="minutes")


def _events(reading: Reading) -> list[str]:
    """Return the tables of events: one per name that figures have, or one without a name."""
    names = list(dict.fromkeys(row.found.event for row in reading.rows if row.found.event is not None))
    lines = []
    for name in names or [""]:
        lines += [
            "",
            "# What cut supply, when, where and for how long. No event lies before the start.",
            "[[events]]",
            *([f"name = {_toml(name)}"] if name else []),
            f'time = "{UNKNOWN}" # its start, such as 2026-01-24T01:00+02:00',
            f'kind = "{UNKNOWN}" # {", ".join(EVENT_KINDS)}',
            'duration_h = "unknown" # or a number, or [shortest, longest]',
            "# places = [...] if it did not hit all of them",
        ]
    return lines


def _toml(value: object) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(shown(value) if isinstance(value, str) else value, ensure_ascii=False)
