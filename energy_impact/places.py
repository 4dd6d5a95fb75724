"""Places: their stocks, their parts and their conditions."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any

from energy_impact import bounds
from energy_impact._checks import (
    FaultsError,
    brief,
    check_bool,
    check_choice,
    check_path,
    check_text,
    nearest,
)
from energy_impact._data import seeds_folder
from energy_impact._html import size, small_table
from energy_impact._register import stop_at
from energy_impact.figures import cells
from energy_impact.figures.clock import check_timezone
from energy_impact.systems import FEEDBACKS, PER_BUILDING, STOCKS, SYSTEMS

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

CROSS_NEEDS = tuple(need.field for need in FEEDBACKS.values())
"""Fields for the share of one system that needs another, besides power."""
RESIDENT_SHARES = ("share_children", "share_over_65")
"""Fields for shares of the residents by age."""

NEVER_ZERO = ("power_customers", "residents")
"""Stocks that a place has, if known; it may be without district heat, say."""
NO_BREAK = "\N{NO-BREAK SPACE}"
_ENDS = ("low", "high")
_COLUMNS = (
    "name",
    "part_of",
    "timezone",
    *(f"{stock.name}_{end}" for stock in STOCKS.values() if stock.required for end in _ENDS),
)
_FLAGS = {"": False, "no": False, "yes": True}
_FLAG_COLUMNS = ("near_front", "shared_crews")
_TEXT_COLUMNS = ("code", "grid")
_REGIONS, _CITIES = "UA-", frozenset({"UA-30", "UA-40"})
"""Start of the codes of regions of Ukraine, and those of Kyiv and Sevastopol, the cities among them (ISO 3166-2:UA)."""


class _Unstated(str):
    """The timezone of a place that states none: that of the place around it, once it is part of one."""


@dataclass(frozen=True)
class Place:
    """
    A city, district, region or country, or the area of a utility.

    Parameters
    ----------
    name : str
        Name that the figures use; unique within its tree.
    parts : sequence of Place
        Its parts. A place with parts has no stocks of its own: they are the sums over its parts.
    timezone : str
        IANA name, for nights and daily profiles; if left out, that of the place around it, else UTC.
    power_customers, heat_buildings, water_buildings, residents : float, (float, float) or None
        Stocks: a number of at most 1e10, a 90 % range (low, high), or None where unknown, which is not 0: a place
        without district heat has 0 heat_buildings. Customers and residents are above 0. Customers are accounts.
        [customers, buildings, buildings, people]
    gas_customers, gas_heated_buildings : float, (float, float) or None
        Stocks of the gas network: its accounts, and the residential buildings that burn gas to heat themselves.
        [customers, buildings]
    warming_places : float, (float, float) or None
        How many people its public warming points can take at once, in the same way. [people]
    residents_per_building, customers_per_building : (float, float)
        90 % ranges, to convert counts of buildings. [people/building, customers/building]
    code : str or None
        Its code on maps, such as ISO 3166-2 or a p-code, by which `Estimate.to_geojson` finds its shape.
    grid : str or None
        Name of the power grid that it hangs on, with all its parts; None = that of the place around it, or one of its
        own. Places on one grid share what generation is lost.
    near_front : bool
        Whether it, with all its parts, is near a front line, where shelling goes on between events.
    shared_crews : bool
        Whether all places in it share repair crews; only for a place with parts.
    power_needs_heat, power_needs_water : float
        Share of generating capability that needs heat supply (plants that make both) and cooling water. [share]
    heat_needs_water, heat_needs_gas : float
        Share of heat supply that needs water supply, and that burns gas from the network. Set needs on places without
        parts, and only where the stocks of the systems named are known. [share]
    share_children, share_over_65 : float or None
        Share of the residents who are under 18, and who are 65 or older; None = unknown. Set them on places without
        parts. [share]

    Raises
    ------
    ValueError
        If a stock is out of bounds, the low end of a range is not below its high end, a share is not in [0, 1], a place
        with parts has stocks or needs, one without parts shares crews, a name is repeated in a tree or the timezone is
        unknown.

    Examples
    --------
    >>> import energy_impact as ei
    >>> west, east = ei.Place("West", heat_buildings=4000), ei.Place("East", heat_buildings=(1900, 2300))
    >>> city = ei.Place("City", parts=[west, east], timezone="Europe/Kyiv")
    >>> city.stock_range("heat_buildings"), city.parts[0].timezone
    ((5900.0, 6300.0), 'Europe/Kyiv')
    """

    name: str
    _: KW_ONLY
    parts: Sequence[Place] = ()
    timezone: str = _Unstated("UTC")
    power_customers: float | tuple[float, float] | None = None
    heat_buildings: float | tuple[float, float] | None = None
    water_buildings: float | tuple[float, float] | None = None
    residents: float | tuple[float, float] | None = None
    gas_customers: float | tuple[float, float] | None = None
    gas_heated_buildings: float | tuple[float, float] | None = None
    warming_places: float | tuple[float, float] | None = None
    residents_per_building: tuple[float, float] = (200.0, 340.0)
    customers_per_building: tuple[float, float] = (100.0, 150.0)
    code: str | None = None
    grid: str | None = None
    near_front: bool = False
    shared_crews: bool = False
    power_needs_heat: float = 0.0
    power_needs_water: float = 0.0
    heat_needs_water: float = 0.0
    heat_needs_gas: float = 0.0
    share_children: float | None = None
    share_over_65: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name or self.name != self.name.strip():
            raise ValueError(f"name of a place: must be text without blanks around it, got {brief(self.name)}")
        object.__setattr__(self, "name", check_text("name of a place", self.name))
        title = f"place {self.name!r}"
        check_timezone(f"{title}, timezone", self.timezone)
        object.__setattr__(self, "parts", _check_parts(f"{title}, parts", self.parts, self.timezone))
        for stock in STOCKS:
            may_be_zero = stock not in NEVER_ZERO
            size = _check_size(f"{title}, {stock}", getattr(self, stock), may_be_zero=may_be_zero)
            if self.parts and size is not None:
                raise ValueError(f"{title}, {stock}: must be None: it is the sum of the parts, got {size}")
            object.__setattr__(self, stock, size)
        for ratio in PER_BUILDING:
            object.__setattr__(self, ratio, _check_range(f"{title}, {ratio}", getattr(self, ratio), "per_building"))
        self._check_conditions(title)
        self._check_residents(title)
        repeated = [name for name, times in Counter(place.name for place in self.walk()).items() if times > 1]
        if repeated:
            raise ValueError(f"{title}: names must be unique in a tree, got {', '.join(repeated)} more than once")

    def _check_conditions(self, title: str) -> None:
        for field in _TEXT_COLUMNS:
            if getattr(self, field) is not None:
                object.__setattr__(self, field, check_text(f"{title}, {field}", getattr(self, field)))
        for flag in _FLAG_COLUMNS:
            check_bool(f"{title}, {flag}", getattr(self, flag))
        if self.shared_crews and not self.parts:
            raise ValueError(f"{title}, shared_crews: must be False without parts to share crews, got True")
        for need in FEEDBACKS.values():
            share = bounds.check(f"{title}, {need.field}", getattr(self, need.field), "share_of_place")
            if self.parts and share > 0:
                raise ValueError(f"{title}, {need.field}: must be 0: set it on the parts instead, got {share:g}")
            for stock in (SYSTEMS[name].stock for name in (need.needing, need.needed) if name != "power"):
                if share > 0 and not getattr(self, stock):
                    raise ValueError(f"{title}, {need.field}: must be 0 without {stock}, got {share:g}")
            object.__setattr__(self, need.field, share)

    def _check_residents(self, title: str) -> None:
        for name in RESIDENT_SHARES:
            share = getattr(self, name)
            if share is None:
                continue
            share = bounds.check(f"{title}, {name}", share, "share_of_place")
            if self.parts:
                raise ValueError(f"{title}, {name}: must be None: set it on the parts instead, got {share:g}")
            object.__setattr__(self, name, share)
        both = (self.share_children or 0.0) + (self.share_over_65 or 0.0)
        if both > 1:
            raise ValueError(f"{title}, share_children and share_over_65: must be at most 1 together, got {both:g}")

    def _repr_html_(self) -> str:
        """Return name and known sizes of it and all places in it, for notebooks."""
        known = [stock for stock in STOCKS if any(place.stock_range(stock) for place in self.walk())]
        header = ["place", *(stock.replace("_", " ") for stock in known)]
        return small_table(f"{self.name}, time in {self.timezone}", header, _rows(self, known))

    def walk(self) -> tuple[Place, ...]:
        """Return this place and all places in it, depth first."""
        return (self, *(place for part in self.parts for place in part.walk()))

    def leaves(self) -> tuple[Place, ...]:
        """Return the places in it that have no parts; itself if it has none."""
        return tuple(place for place in self.walk() if not place.parts)

    def stock_range(self, stock: str) -> tuple[float, float] | None:
        """
        Return the 90 % range of a stock: the sums of both ends over the leaves.

        Parameters
        ----------
        stock : str
            One of `systems.STOCKS`.

        Returns
        -------
        tuple of float, or None
            (low, high), equal if every leaf has a number; None if it is unknown for any leaf.

        Raises
        ------
        ValueError
            If `stock` is unknown.
        """
        stock = check_choice("stock", stock, STOCKS)
        low = high = 0.0
        for leaf in self.leaves():
            size = getattr(leaf, stock)
            if size is None:
                return None
            low += size[0] if isinstance(size, tuple) else size
            high += size[1] if isinstance(size, tuple) else size
        return low, high


def _rows(place: Place, stocks: Sequence[str], depth: int = 0) -> list[list[str]]:
    """Return name and sizes of a place and all places in it."""
    own = [f"{2 * depth * NO_BREAK}{place.name}", *(size(place.stock_range(stock)) for stock in stocks)]
    return [own, *(row for part in place.parts for row in _rows(part, stocks, depth + 1))]


_FIELDS = {field.name for field in dataclasses.fields(Place)}
stop_at("Place", [f"{name}: must be a field" for name in (*STOCKS, *PER_BUILDING, *CROSS_NEEDS) if name not in _FIELDS])


def read_places(path: str | os.PathLike[str]) -> dict[str, Place]:
    """
    Return the places of a UTF-8 CSV file, by name.

    Parameters
    ----------
    path : path
        Columns: name, part_of (empty or a name), timezone (empty: that of the place around it), and <stock>_low and
        <stock>_high for power_customers, heat_buildings, water_buildings and residents (both empty: unknown; equal: a
        number). Optional: the same for gas_customers, gas_heated_buildings and warming_places, code and grid (a text,
        or empty), near_front and shared_crews ("yes", "no" or empty), power_needs_heat, power_needs_water,
        heat_needs_water and heat_needs_gas (shares; empty: 0), share_children and share_over_65 (shares; empty:
        unknown). Other columns, such as source and note, are ignored.

    Returns
    -------
    dict of str to Place
        Every place with its parts, in the order of the file.

    Raises
    ------
    ValueError
        With every fault of the file, one per line, by row (line of the file) and column.
    OSError
        If the file cannot be read.
    """
    file = check_path("path", path)
    try:
        table = cells.read_csv(file)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    faults = list(table.faults)
    faults += [f"column {name}: is missing" for name in _COLUMNS if name not in table.columns]
    _stop_at(faults, file)
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    fields = [_place_fields(row, line, faults) for row, line in zip(rows, table.lines, strict=True)]
    faults += _tree_faults(fields, table.lines)
    _stop_at(faults, file)
    places = _build_trees(fields, table.lines, faults)
    _stop_at(faults, file)
    return {entry["name"]: places[entry["name"]] for entry in fields}


def shipped_places() -> dict[str, Place]:
    """Return every place of the shipped table by name, with its parts."""
    return read_places(seeds_folder() / "places.csv")


def states_timezone(place: Place) -> bool:
    """Return whether a timezone was given for a place, or for one around it."""
    return not isinstance(place.timezone, _Unstated)


def is_coded_region(place: Place) -> bool:
    """
    Return whether the code of a place says that it is a region of Ukraine (ISO 3166-2), whose name may be a city's too.

    Examples
    --------
    >>> is_coded_region(shipped_place("Sumy")), is_coded_region(shipped_place("Kyiv"))
    (True, False)
    """
    return (place.code or "").startswith(_REGIONS) and place.code not in _CITIES


def outermost(places: Collection[Place]) -> list[Place]:
    """Return those of some places that are in no other of them."""
    inside = {part.name for place in places for part in place.walk()[1:]}
    return [place for place in places if place.name not in inside]


def nested(place: Place, depth: int = 0) -> list[tuple[int, Place]]:
    """Return a place and all places in it, each with its depth."""
    return [(depth, place), *(found for part in place.parts for found in nested(part, depth + 1))]


def shipped_place(name: str) -> Place:
    """
    Return a place from the shipped table, with its parts.

    Kyiv, Kharkiv and Belgorod are cities; Sumy, Chernihiv and Odesa are regions.

    Raises
    ------
    ValueError
        If the table does not have it; the message gives the nearest name.

    Examples
    --------
    >>> import energy_impact as ei
    >>> ei.place("Kyiv").timezone
    'Europe/Kyiv'
    """
    name = check_text("place", name)
    places = shipped_places()
    if name not in places:
        known = f"{nearest(name, places)}; it has {', '.join(places)}"
        raise ValueError(f"place: must be in the shipped places.csv, got {name!r}{known}")
    return places[name]


def _check_parts(name: str, parts: object, timezone: str) -> tuple[Place, ...]:
    """Return the parts of a place, in its timezone where they state none."""
    if not isinstance(parts, (list, tuple)) or not all(isinstance(part, Place) for part in parts):
        raise ValueError(f"{name}: must be a list of Place, got {brief(parts)}")
    stated = not isinstance(timezone, _Unstated)
    return tuple(
        dataclasses.replace(part, timezone=timezone) if stated and isinstance(part.timezone, _Unstated) else part
        for part in parts
    )


def _check_size(name: str, size: object, *, may_be_zero: bool) -> float | tuple[float, float] | None:
    if size is None:
        return None
    if isinstance(size, (list, tuple)):
        return _check_range(name, size, "stock")
    if may_be_zero and bounds.check(name, size, "stock_or_zero") == 0:
        return 0.0
    return bounds.check(name, size, "stock")


def _check_range(name: str, size: object, field: str) -> tuple[float, float]:
    if not isinstance(size, (list, tuple)) or len(size) != 2:
        raise ValueError(f"{name}: must be a range (low, high), got {brief(size)}")
    low, high = (bounds.check(name, end, field) for end in size)
    if not low < high:
        raise ValueError(f"{name}: must be a range with low below high, got {brief(size)}")
    return low, high


def _stop_at(faults: Sequence[str], file: Path) -> None:
    if faults:
        raise FaultsError(faults, str(file))


def _place_fields(row: Mapping[str, str], line: int, faults: list[str]) -> dict[str, Any]:
    """Return the fields of one place, None where a cell is empty; faults are added to `faults`."""
    fields: dict[str, Any] = {name: row[name].strip() or None for name in ("name", "part_of", "timezone")}
    if fields["name"] is None:
        faults.append(f"row {line}, column name: must not be empty")
    if fields["timezone"] is None and fields["part_of"] is None:
        faults.append(f"row {line}, column timezone: must not be empty for a place without part_of")
    fields["stocks"] = {stock: _read_size(row, stock, line, faults) for stock in STOCKS}
    fields["conditions"] = _read_conditions(row, line, faults)
    return fields


def _read_conditions(row: Mapping[str, str], line: int, faults: list[str]) -> dict[str, Any]:
    """Return flags and shares in the form that `Place` takes, by column; faults are added to `faults`."""
    found: dict[str, Any] = {name: row.get(name, "").strip() or None for name in _TEXT_COLUMNS}
    for column in _FLAG_COLUMNS:
        cell = row.get(column, "").strip()
        if cell not in _FLAGS:
            faults.append(f"row {line}, column {column}: must be yes, no or empty, got {cell!r}")
        found[column] = _FLAGS.get(cell, False)
    for column in (*CROSS_NEEDS, *RESIDENT_SHARES):
        try:
            share = cells.read_number(row.get(column, ""))
            found[column] = 0.0 if share is None and column in CROSS_NEEDS else share
        except ValueError as error:
            faults.append(f"row {line}, column {column}: {error}")
    return found


def _read_size(row: Mapping[str, str], stock: str, line: int, faults: list[str]) -> float | tuple[float, float] | None:
    """Return one stock in the form that `Place` takes; faults are added to `faults`."""
    ends = []
    for column in (f"{stock}_low", f"{stock}_high"):
        try:
            ends.append(cells.read_number(row.get(column, "")))
        except ValueError as error:
            faults.append(f"row {line}, column {column}: {error}")
    if len(ends) < 2:
        return None
    low, high = ends
    if low is not None and high is not None:
        return low if low == high else (low, high)
    if low is not None or high is not None:
        empty = f"{stock}_{'low' if low is None else 'high'}"
        faults.append(f"row {line}, column {empty}: must not be empty where the other end has a number")
    return None


def _tree_faults(fields: Sequence[Mapping[str, Any]], lines: Sequence[int]) -> list[str]:
    """Return faults for repeated names, unknown parents and places that are part of themselves."""
    faults = []
    parents: dict[str, str | None] = {}
    for entry, line in zip(fields, lines, strict=True):
        if entry["name"] is not None and entry["name"] in parents:
            faults.append(f"row {line}, column name: must be unique, got {entry['name']!r}")
        parents.setdefault(entry["name"], entry["part_of"])
    for entry, line in zip(fields, lines, strict=True):
        parent = entry["part_of"]
        if parent is not None and parent not in parents:
            faults.append(
                f"row {line}, column part_of: must be a name, got {parent!r}{nearest(parent, filter(None, parents))}"
            )
        elif entry["name"] in _ancestors(entry["name"], parents):
            faults.append(f"row {line}, column part_of: {entry['name']!r} must not be part of itself, got {parent!r}")
    return faults


def _ancestors(name: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return the places around a place, nearest first; each once if they form a loop."""
    line: list[str] = []
    above = parents.get(name)
    while above is not None and above not in line:
        line.append(above)
        above = parents.get(above)
    return line


def _build_trees(fields: Sequence[Mapping[str, Any]], lines: Sequence[int], faults: list[str]) -> dict[str, Place]:
    """Return the places by name, built from the roots down; faults are added to `faults`."""
    places: dict[str, Place] = {}
    parts: dict[str | None, list[int]] = {}
    for position, entry in enumerate(fields):
        parts.setdefault(entry["part_of"], []).append(position)

    def build(position: int, timezone: str) -> None:
        entry = fields[position]
        zone = entry["timezone"] or timezone
        inside = parts.get(entry["name"], [])
        for part in inside:
            build(part, zone)
        children = [places[fields[part]["name"]] for part in inside if fields[part]["name"] in places]
        try:
            places[entry["name"]] = Place(
                entry["name"], parts=children, timezone=zone, **entry["stocks"], **entry["conditions"]
            )
        except ValueError as error:
            faults.append(f"row {lines[position]}, {error}")

    for root in parts.get(None, []):
        build(root, "UTC")
    return places
