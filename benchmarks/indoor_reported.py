"""Compare single homes of the model with reported temperatures: `python benchmarks/indoor_reported.py FOLDER`.

FOLDER holds `indoor.csv`: id, place, date, building, hours without heat, outdoors and indoors (each low and high),
how_known, note. Rows without an outdoor temperature take that of `indoor_weather.csv`, by place and day. Printed are,
row by row, the 5, 50 and 95 % of single homes of the model and whether they hold what was reported (the middle of a
range; one end of an open one), then the shares inside, and how other free heat chosen on one half of the rows does on
the other. `docs/cold.md` has the numbers.
"""

from __future__ import annotations

import csv
import itertools
import re
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from energy_impact.model.buildings import BUILDING_TYPES, FREE_HEAT_W_M2, BuildingType
from energy_impact.model.homes import Homes
from energy_impact.model.parameters import BY_NAME

Floats = NDArray[np.float64]

WEATHER = Path(__file__).with_name("indoor_weather.csv")
LONG_H = 96.0
"""Hours without heat that split the rows into two groups. [h]"""
LEVELS = (0.05, 0.5, 0.95)
SPREAD = BY_NAME["time_constant_factor"].spread
"""Of the logarithm of the factor on all time constants; `hours_of_safety` takes it as 1."""
FIXED_RISE_K = 3.0
"""Free rise of every home before free heat was modelled. [K]"""
SCALES = (0.5, 0.7, 1.0, 1.4, 2.0)
"""Factors on the median of free heat that the halves choose from."""
WIDTHS = (0.5, 1.0, 1.5)
"""Factors on the logarithms of its ends over its median."""


class Row(NamedTuple):
    """A reported home, with the possible outdoor temperatures."""

    id: str
    group: str
    kinds: tuple[BuildingType, ...]
    hours: tuple[float, ...]
    outdoors: tuple[Floats, ...]
    low: float
    high: float

    @property
    def reported(self) -> float:
        """Middle of the reported range, for comparison."""
        return float(np.nanmean([self.low, self.high]))


def span(row: dict[str, str], name: str) -> tuple[float, float]:
    """Both ends of a range; NaN where the row leaves one open."""
    low, high = (float(row[f"{name}_{end}"] or "nan") for end in ("low", "high"))
    return low, high


def between(low: float, high: float) -> tuple[float, ...]:
    """The ends of a range and its middle, or the one that there is, or none."""
    known = [value for value in (low, high) if not np.isnan(value)]
    return tuple(np.unique([*known, np.mean(known)]).tolist()) if known else ()


def weather_of(place: str, when: str, hours: float, table: list[dict[str, str]]) -> tuple[Floats, ...]:
    """Outdoor temperatures of a place up to the evening of a day, or of a month, hour by hour: cold, middle, mild."""
    mine = [row for row in table if row["place"].lower() in place.lower()]
    count = int(np.ceil(hours)) + 1
    if re.fullmatch(r"\d{4}-\d\d", when):
        chosen = [row for row in mine if row["first"].startswith(when)]
        ends = np.full((count, 2), np.mean([ends_of(row) for row in chosen], axis=0)) if chosen else None
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", when) and any(row["first"] <= when <= row["last"] for row in mine):
        days = [str(date.fromisoformat(when) - timedelta(days=hour // 24)) for hour in reversed(range(count))]
        ends = np.array([ends_of(next(row for row in mine if row["last"] >= day)) for day in days])
    else:
        ends = None
    if ends is None:
        return ()
    quarter = (ends[:, 1] - ends[:, 0]) / 4
    return tuple(ends.mean(1) + part * quarter for part in (-1, 0, 1))


def ends_of(row: dict[str, str]) -> tuple[float, float]:
    """Night and day of a row of the weather [degC]."""
    return float(row["low_c"]), float(row["high_c"])


def read(folder: Path) -> tuple[list[Row], dict[str, str]]:
    """Rows of homes without heat, and reasons why others are left out, by id."""
    with WEATHER.open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    rows, left_out = [], {}
    with (folder / "indoor.csv").open(newline="", encoding="utf-8") as file:
        for reported in csv.DictReader(file):
            row = _row(reported, table)
            if isinstance(row, Row):
                rows.append(row)
            else:
                left_out[reported["id"]] = row
    return rows, left_out


def _row(row: dict[str, str], table: list[dict[str, str]]) -> Row | str:
    hours, own = between(*span(row, "hours_without_heat")), between(*span(row, "outdoor_c"))
    low, high = span(row, "indoor_c")
    if "norm" in row["how_known"] or "not for the check" in row["note"].lower():
        return "no observation of a home without heat"
    if not hours or np.isnan([low, high]).all():
        return "hours or temperature not known"
    steady = tuple(np.full(int(np.ceil(hours[-1])) + 1, value) for value in own)
    outdoors = steady or weather_of(row["place"], row["date"], hours[-1], table)
    if not outdoors:
        return "weather not known"
    named = tuple(kind for kind in BUILDING_TYPES if kind.name in row["building"])
    return Row(row["id"], _group(row), named or BUILDING_TYPES, hours, outdoors, low, high)


def _group(row: dict[str, str]) -> str:
    if any(word in row["how_known"] for word in ("rule", "expert")):
        return "rule or expert"
    return "house" if row["building"].startswith("house") else "apartment"


def single_homes(row: Row, free_heat: tuple[float, ...] | None, spread: float = SPREAD) -> tuple[Floats, Floats]:
    """Temperatures that single homes may have had, and their weights; None: every home rises by `FIXED_RISE_K`."""
    air, weights = [], []
    for kind, hours, outdoor in itertools.product(row.kinds, row.hours, row.outdoors):
        homes = Homes.of_type(kind, spread, free_heat or FREE_HEAT_W_M2)
        if free_heat is None:
            homes = homes._replace(free_rise_k=np.full_like(homes.free_rise_k, FIXED_RISE_K))
        steps = max(1, round(hours))
        air.append(homes.cool(outdoor[-steps - 1 :], step_h=hours / steps)[-1])
        weights.append(np.full(len(air[-1]), kind.share))
    order = np.argsort(np.concatenate(air))
    return np.concatenate(air)[order], (np.concatenate(weights) / np.sum(np.concatenate(weights)))[order]


def quantiles(row: Row, free_heat: tuple[float, ...] | None, spread: float = SPREAD) -> Floats:
    """The levels of single homes of the model [degC]."""
    air, weights = single_homes(row, free_heat, spread)
    return np.interp(LEVELS, np.cumsum(weights) - weights / 2, air)


def position(row: Row, low: float, high: float) -> str:
    """Position of a report relative to the model's range; an open range can miss it at one end only."""
    if (row.reported if not np.isnan(row.low) else row.low) > high:
        return "warmer"
    return "colder" if (row.reported if not np.isnan(row.high) else np.inf) < low else "inside"


def mean_crps(rows: list[Row], free_heat: tuple[float, ...] | None) -> float:
    """Mean of `crps` over rows [K]."""
    return float(np.mean([crps(row, free_heat) for row in rows]))


def crps(row: Row, free_heat: tuple[float, ...] | None) -> float:
    """Continuous ranked probability score of the middle of the reported range [K]."""
    air, weights = single_homes(row, free_heat)
    below = np.cumsum(weights) - weights / 2
    return float(2 * np.sum(weights * ((row.reported < air) - below) * (air - row.reported)))


def scaled(scale: float, width: float) -> tuple[float, ...]:
    """Free heat with another median and other ends [W/m2]."""
    median = FREE_HEAT_W_M2[1]
    return tuple(scale * median * (heat / median) ** width for heat in FREE_HEAT_W_M2)


def held(rows: list[Row], free_heat: tuple[float, ...] | None, spread: float = SPREAD) -> list[tuple[int, int]]:
    """Rows inside and in all: those up to `LONG_H`, then those beyond."""
    found = []
    for beyond in (False, True):
        mine = [row for row in rows if (np.mean(row.hours) > LONG_H) == beyond]
        where = [position(row, *quantiles(row, free_heat, spread)[[0, 2]]) for row in mine]
        found.append((where.count("inside"), len(mine)))
    return found


def inside(rows: list[Row], free_heat: tuple[float, ...] | None, spread: float = SPREAD) -> str:
    """The same in words."""
    (short, of_short), (long, of_long) = held(rows, free_heat, spread)
    return f"up to {LONG_H:g} h {short} of {of_short}, beyond {long} of {of_long}"


def halves(rows: list[Row]) -> str:
    """Scores on each half of the rows, with free heat chosen on the other half."""
    found = []
    options = [scaled(scale, width) for scale in SCALES for width in WIDTHS]
    for first in (0, 1):
        here, there = rows[first::2], rows[1 - first :: 2]
        scores = [mean_crps(here, heat) for heat in options]
        best = options[int(np.argmin(scores))]
        words = "/".join(f"{heat:.1f}" for heat in best)
        found.append(
            f"{words} W/m2: {inside(there, best)}, CRPS {mean_crps(there, best):.2f} K against "
            f"{mean_crps(there, FREE_HEAT_W_M2):.2f} K"
        )
    return "; ".join(found)


def main(folder: Path) -> None:
    rows, left_out = read(folder)
    for row in rows:
        low, median, high = quantiles(row, FREE_HEAT_W_M2)
        ends = ["" if np.isnan(end) else f"{end:.1f}" for end in (row.low, row.high)]
        outdoor = [float(series.mean()) for series in row.outdoors]
        print(
            f"{row.id:20} {row.group:15} {row.hours[0]:4.0f}-{row.hours[-1]:3.0f} h, outdoors {min(outdoor):5.1f} to "
            f"{max(outdoor):5.1f}, reported {'..'.join(ends):>10}, model {low:5.1f} {median:5.1f} {high:5.1f}, "
            f"{position(row, low, high)}"
        )
    for name, reason in left_out.items():
        print(f"{name:20} left out: {reason}")
    for name in ("apartment", "house", "rule or expert"):
        mine = [row for row in rows if row.group == name]
        print(f"{name}: {inside(mine, FREE_HEAT_W_M2)}; all {FIXED_RISE_K:g} K: {inside(mine, None)}")
    homes = [row for row in rows if row.group != "rule or expert"]
    print(f"apartments and houses: {inside(homes, FREE_HEAT_W_M2)}; all {FIXED_RISE_K:g} K: {inside(homes, None)}")
    print(f"as `hours_of_safety` has them, without the factor on all: {inside(homes, FREE_HEAT_W_M2, 0.0)}")
    print(f"mean CRPS {mean_crps(homes, FREE_HEAT_W_M2):.2f} K, all {FIXED_RISE_K:g} K {mean_crps(homes, None):.2f} K")
    print(f"chosen on the other half: {halves(homes)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
