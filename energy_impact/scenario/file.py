"""Scenario files in TOML, with the tables that they refer to."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

from energy_impact._checks import brief, check_path, check_utf8, collect, key_faults, nearest
from energy_impact._data import seeds_folder
from energy_impact._files import is_file, read_bounded
from energy_impact.figures.figure import COLUMNS
from energy_impact.figures.table import FigureError, FigureTable, check_figures
from energy_impact.places import Place, shipped_place
from energy_impact.scenario.events import ScenarioError, check_names
from energy_impact.scenario.parts import LISTS, STAND_IN_PARTS, from_items, place_from_dict
from energy_impact.weather_files import read_weather

if TYPE_CHECKING:
    from pathlib import Path

    from energy_impact.weather import Weather

KEYS = (
    "title",
    "start",
    "horizon_h",
    "step_h",
    "places",
    "figures",
    "figure",
    "events",
    "new_events",
    "truces",
    "shortages",
    "what_if",
    "weather",
    "priors",
)
_PLAIN = ("title", "start", "horizon_h", "step_h", "priors")
"""Keys passed to the scenario unchanged."""
REQUIRED = ("start", "horizon_h", "places")


def shipped_scenarios() -> list[str]:
    """Return the names of the shipped scenarios."""
    return sorted(file.stem for file in (seeds_folder() / "scenarios").glob("*.toml"))


def find_scenario(name_or_path: str | os.PathLike[str]) -> Path:
    """
    Return the file of a shipped name, or the path itself.

    Raises
    ------
    ScenarioError
        If it is neither; the message holds the nearest name, else all.
    """
    if not isinstance(name_or_path, str | os.PathLike):
        raise ScenarioError([f"must be a shipped name or the path of a TOML file, got {brief(name_or_path)}"])
    try:
        path = check_path("name_or_path", name_or_path)
    except ValueError as error:
        raise ScenarioError([f"must be a shipped name or the path of a TOML file; {error}"]) from error
    if isinstance(name_or_path, str) and name_or_path in shipped_scenarios():
        return seeds_folder() / "scenarios" / f"{name_or_path}.toml"
    if not is_file(path):
        hint = nearest(path.stem, shipped_scenarios()) or f"; shipped are {', '.join(shipped_scenarios())}"
        raise ScenarioError(
            [f"must be a shipped name or the path of a TOML file, got {brief(str(name_or_path))}{hint}"]
        )
    return path


def read_scenario_file(path: Path) -> tuple[dict[str, Any], list[str]]:
    """
    Return the arguments of the scenario in a TOML file, and the faults of the file and of the tables it refers to.

    Parameters
    ----------
    path : Path
        The file; paths in it are relative to its folder.

    Returns
    -------
    parts : dict
        Arguments of `Scenario`; None for a faulty one.
    faults : list of str
        One line per fault, with its table and key.

    Raises
    ------
    ScenarioError
        If the file is not UTF-8, empty or not TOML.
    """
    document = _parse(path)
    faults = key_faults("top level", document, KEYS, REQUIRED)
    parts: dict[str, Any] = {key: document[key] for key in _PLAIN if key in document}
    parts["name"] = path.stem
    if "places" in document:
        parts["places"] = collect(faults, from_items, "places", document["places"], _place)
    for key, make in LISTS.items():
        if key in document and key in KEYS:
            parts[key] = collect(faults, from_items, key, document[key], make)
    if "what_if" in document:
        parts["what_ifs"] = collect(faults, from_items, "what_if", document["what_if"], LISTS["what_ifs"])
    if "figures" in document or "figure" in document:
        parts["figures"] = collect(faults, _figures, document, path.parent)
    if "weather" in document:
        parts["weather"] = collect(faults, _weather, document["weather"], path.parent)
    return parts, faults


def _parse(path: Path) -> dict[str, Any]:
    try:
        text = check_utf8(read_bounded(path))
    except OSError as error:
        raise ScenarioError([f"cannot be read: {error.strerror}"], str(path)) from error
    except ValueError as error:
        raise ScenarioError([str(error)], str(path)) from error
    if not text.strip():
        raise ScenarioError([f"must have {', '.join(REQUIRED)}, got an empty file"], str(path))
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise ScenarioError([f"must be TOML: {error}"], str(path)) from error
    except RecursionError:
        raise ScenarioError(["must be TOML that is nested less deeply"], str(path)) from None


def _place(where: str, item: object) -> Place:
    """Return the place for a shipped name or a table, whose parts may be names too."""
    if isinstance(item, str):
        try:
            return shipped_place(item)
        except ValueError as error:
            raise ScenarioError([f"{where}: {error}"]) from error
    faults: list[str] = []
    if isinstance(item, Mapping) and "parts" in item:
        made = collect(faults, from_items, f"{where}, part", item["parts"], _place)
        item = dict(item) | {"parts": STAND_IN_PARTS if made is None else made}
    place = collect(faults, place_from_dict, where, item)
    if place is None or faults:
        raise ScenarioError(faults)
    return place


def _figures(document: Mapping[str, object], folder: Path) -> FigureTable:
    """Return the figures from [figures] and [[figure]] together."""
    faults: list[str] = []
    tables = []
    if "figures" in document:
        tables.append(collect(faults, _figures_of_file, document["figures"], folder))
    if "figure" in document:
        tables += collect(faults, from_items, "figure", document["figure"], _figure) or []
    if faults:
        raise ScenarioError(faults)
    try:
        return reduce(FigureTable.joined, [table for table in tables if table is not None])
    except FigureError as error:
        raise ScenarioError([f"{error.where}: {fault}" for fault in error.faults]) from error


def _figures_of_file(table: Any, folder: Path) -> FigureTable:
    if isinstance(table, list):
        raise ScenarioError(["figures: must be one table [figures] with file or ids; write rows as [[figure]] tables"])
    faults = key_faults("figures", table, ("file", "ids"))
    if faults:
        raise ScenarioError(faults)
    file = seeds_folder() / "figures.csv"
    if "file" in table:
        file = folder / check_path("figures, file", table["file"])
    try:
        figures = check_figures(file)
    except FigureError as error:
        raise ScenarioError([f"figures, file {file.name}: {fault}" for fault in error.faults]) from error
    except OSError as error:
        raise ScenarioError([f"figures, file {str(file)!r}: cannot be read: {error.strerror}"]) from error
    if "ids" not in table:
        return figures
    ids = check_names("figures, ids", table["ids"])
    known = [figure.id for figure in figures.records]
    faults = [
        f"figures, ids: must be ids of {file.name}, got {name!r}{nearest(name, known)}"
        for name in ids
        if name not in known
    ]
    if faults:
        raise ScenarioError(faults)
    return figures.only(lambda figure: figure.id in ids)


def _figure(where: str, item: object) -> FigureTable:
    """Return a one-row table of figures."""
    faults = key_faults(where, item, COLUMNS)
    if not isinstance(item, Mapping):
        raise ScenarioError(faults)
    try:
        figure = check_figures([item])
    except FigureError as error:
        faults += [f"{where}, {fault.removeprefix('row 0, ')}" for fault in error.faults]
    if faults:
        raise ScenarioError(faults)
    return figure


def _weather(table: Any, folder: Path) -> Weather:
    faults = key_faults("weather", table, ("file", "timezone"), ("file",))
    if faults:
        raise ScenarioError(faults)
    file = folder / check_path("weather, file", table["file"])
    try:
        return read_weather(file, timezone=table.get("timezone"))
    except ValueError as error:
        raise ScenarioError([f"weather, file {error}"]) from error
