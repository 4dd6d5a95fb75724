"""Fit the two-node building to measured coolings: `python benchmarks/indoor_cooldown.py FOLDER`.

FOLDER holds `strawbale_house_free_float.csv` (hours, t_int_c, t_ext_c) and `belgium_passive_house_night_decays.csv`
(hours, t_in_start, t_in_end, t_out_mean). Cost and step error come first; after the fits published coolings beside the
priors, and hours of safety by type of building. `docs/cold.md` has the numbers.
"""

from __future__ import annotations

import csv
import sys
import timeit
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, least_squares
from scipy.special import ndtr

from energy_impact.model import indoor
from energy_impact.model.buildings import BUILDING_TYPES, INNER_H, TwoNodes, free_cooling
from energy_impact.model.homes import hours_of_safety
from energy_impact.model.indoor import INDOOR_STATES, indoor_states
from energy_impact.model.parameters import BY_NAME
from energy_impact.model.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from energy_impact.model.plan import Array

Floats = NDArray[np.float64]


class Fit(NamedTuple):
    """Fitted slow time constant and rise over the outdoors, with the residuals [K]."""

    time_constant_h: float
    free_rise_k: float
    residuals: Floats

    @property
    def rms_k(self) -> float:
        return float(np.sqrt(np.mean(self.residuals**2)))


def columns(path: Path) -> dict[str, Floats]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name != "night_of"]
    return {name: np.array([float(row[name]) for row in rows]) for name in names}


def fit_strawbale(folder: Path, inner_h: float = INNER_H) -> Fit:
    """Fit the time constant, the rise and the fabric at first to an unheated house."""
    data = columns(folder / "strawbale_house_free_float.csv")
    step_h = float(np.mean(np.diff(data["hours"])))

    def residuals(x: Floats) -> Floats:
        nodes = TwoNodes(np.exp(x[:1]), inner_h=inner_h)
        air = free_cooling(
            nodes, data["t_ext_c"], step_h=step_h, initial=data["t_int_c"][0], free_rise_k=x[1], fabric=x[2]
        )
        return air[:, 0] - data["t_int_c"]

    return _fit(residuals, [np.log(60.0), 2.0, 8.0])


def fit_nights(folder: Path, inner_h: float = INNER_H) -> Fit:
    """Fit the time constant and the rise to nights with the heater off, all of one length."""
    data = columns(folder / "belgium_passive_house_night_decays.csv")
    start, end, outdoor = data["t_in_start"], data["t_in_end"], data["t_out_mean"]

    def residuals(x: Floats) -> Floats:
        nodes = TwoNodes(np.exp(x[:1]), inner_h=inner_h)
        first = np.array([start, nodes.inner * start + (1 - nodes.inner) * outdoor])
        rest = np.array([outdoor + x[1], outdoor + nodes.inner * x[1]])
        return (rest + nodes.propagator(data["hours"][0])[:, :, 0] @ (first - rest))[0] - end

    return _fit(residuals, [np.log(200.0), 3.0])


def _fit(residuals: Callable[[Floats], Floats], start: list[float]) -> Fit:
    found = least_squares(residuals, start)
    return Fit(float(np.exp(found.x[0])), float(found.x[1]), residuals(found.x))


PUBLISHED = (
    ("uninsulated 25 cm brick", 21, -12, 48, 4),
    ("insulated solid walls", 21, -12, 48, 15),
    ("insulated solid walls", 21, -12, 48, 17),
    ("uninsulated 25 cm brick, VIVA park", 21, 3, 48, 10),
    ("light, VIVA park", 21, 3, 48, 14),
    ("insulated solid walls, VIVA park", 21, 3, 48, 17),
    ("uninsulated, half a day", 20, -10, 12, 10),
    ("uninsulated, three and a half days", 20, -10, 84, 0),
    ("masonry", 20, 0, 60, 15),
)
"""Building: initial indoor and outdoor temperature [degC], hours, final temperature [degC]."""


def time_constant(start: float, outdoor: float, hours: float, end: float) -> float:
    """Slow time constant of an empty building that cools as published [h]."""

    def error(log_constant: float) -> float:
        nodes = TwoNodes(np.exp(np.array([log_constant])))
        return float(free_cooling(nodes, np.full(2, outdoor), step_h=hours, initial=start)[-1, 0]) - end

    return float(np.exp(brentq(error, np.log(5.0), np.log(5000.0))))


def slower(constant: float) -> float:
    """Share of the stock with a longer time constant, before it is known (prior of the factor included)."""
    factor = BY_NAME["time_constant_factor"].spread
    distance = [np.log(constant / kind.time_constant_h) / np.hypot(kind.spread, factor) for kind in BUILDING_TYPES]
    return float(sum(kind.share * ndtr(-z) for kind, z in zip(BUILDING_TYPES, distance, strict=True)))


def history(steps: int, step_h: float) -> tuple[Plan, Floats]:
    """A plan with daily swings of the weather, and shares without heat: hit, half restored, hit again."""
    hours = np.arange(steps + 1) * step_h
    outdoor = np.float32(-8 + 5 * np.sin(hours / 24 * 2 * np.pi))[:, None]
    plan = Plan(
        steps,
        step_h,
        1,
        ("power", "heat"),
        (),
        np.zeros((steps, 1), bool),
        np.ones_like(outdoor),
        outdoor,
        np.full_like(outdoor, 2.0),
        balance=False,
    )
    first = 0.5 * np.clip((hours - 6) / 6, 0, 1) * np.exp(-np.maximum(hours - 12, 0) / 40)
    second = 0.3 * np.clip((hours - 120) / 6, 0, 1) * np.exp(-np.maximum(hours - 126, 0) / 30)
    return plan, 0.01 + first + second


def draws(columns: int) -> dict[str, Array]:
    rng = np.random.default_rng(1)
    return {
        "temperature_offset": rng.standard_normal((1, columns), np.float32),
        "time_constant_factor": np.exp(np.float32(0.3) * rng.standard_normal(columns, np.float32)),
        "warm_up_h": np.full(columns, 10, np.float32),
    }


def cost(columns: int = 4 * 2048, steps: int = 336) -> float:
    """Nanoseconds per member, place and hour for all states, where the places share their weather; best of five."""
    plan, lost = history(steps, 1.0)
    values, scale = draws(columns), np.random.default_rng(2).uniform(0.2, 1, columns)
    heat_out, record = np.float32(lost[:, None, None] * scale), np.arange(steps + 1)
    seconds = min(timeit.repeat(lambda: indoor_states(plan, values, heat_out, record, INDOOR_STATES), number=1))
    return seconds / (columns * steps) * 1e9


def step_error() -> dict[str, float]:
    """Largest difference between homes followed by the hour and by ten minutes."""
    by_grid = []
    for every_h in (1.0, 1 / 6):
        plan, lost = history(6 * 336, 1 / 6)
        heat_out, record = np.float32(np.repeat(lost[:, None, None], 9, axis=2)), np.arange(0, 6 * 336 + 1, 6)
        indoor.GRID_H = every_h
        by_grid.append(indoor_states(plan, draws(9), heat_out, record, INDOOR_STATES))
    return {name: float(np.abs(by_grid[0][name] - by_grid[1][name]).max()) for name in INDOOR_STATES}


def main(folder: Path) -> None:
    print(
        f"{cost():.0f} ns a member, place and hour; hour against ten minutes:",
        ", ".join(f"{name} {error:.4f}" for name, error in step_error().items()),
    )
    for inner_h in (4.0, INNER_H):
        for name, fit in (
            ("straw-bale house", fit_strawbale(folder, inner_h)),
            ("passive house", fit_nights(folder, inner_h)),
        ):
            print(
                f"{name}, inner_h {inner_h:g}: time constant {fit.time_constant_h:.0f} h, rise {fit.free_rise_k:.1f} "
                f"K, residual rms {fit.rms_k:.2f} K"
            )
    for name, *conditions in PUBLISHED:
        constant = time_constant(*conditions)
        print(f"{name}, {conditions}: {constant:.0f} h, {slower(constant):.1%} of the stock slower")
    for outdoor in (0.0, -10.0, -20.0):
        hours = hours_of_safety(np.full(721, outdoor), step_h=1.0, thresholds=[18, 16, 12, 5], levels=[0.05, 0.5, 0.95])
        for kind, rows in zip(BUILDING_TYPES, hours, strict=True):
            cells = [f"{mid:.0f} ({low:.0f}-{high:.0f})" for low, mid, high in rows.T]
            print(f"{outdoor:g} degC, {kind.name}: " + ", ".join(cells))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
