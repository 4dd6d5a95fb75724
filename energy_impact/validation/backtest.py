"""Would it have been right: each figure of a scenario forecast from the figures before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact._checks import check_count, check_generator
from energy_impact.figures.wording import Claim, moments
from energy_impact.model.parameters import BY_NAME
from energy_impact.prepare import NUGGET
from energy_impact.run import estimate
from energy_impact.validation import scoring
from energy_impact.vocabulary import QUANTITIES

if TYPE_CHECKING:
    from energy_impact.scenario import Scenario

LEVELS = (0.5, 0.9)


def backtest(scenario: Scenario, *, members: int = 1024, rng: np.random.Generator | int | None = None) -> pd.DataFrame:
    """
    Forecast every published stock of a scenario, after the first of its series, from what was published before it.

    A series is a quantity in a place. The origin of a forecast is the last figure of its series before it; only figures
    up to the origin are used, of all series. Two simple forecasts are scored beside: persistence (the last figure) and
    an exponential through the first and the last figure of the series.

    Parameters
    ----------
    scenario : Scenario
    members : int
        Ensemble size of each fit.
    rng : Generator, int or None
        Seed.

    Returns
    -------
    DataFrame
        One row a figure: id, place, quantity, origin, time, lead_h [h], value, low, median, high (90 %), inside50,
        inside90, pit, and crps, crps_persistence, crps_exponential as shares of the series' largest figure.

    Raises
    ------
    ValueError
        If no series has two figures.
    """
    check_count("members", members, low=2)
    generator = check_generator(rng)
    rows: list[dict[str, Any]] = []
    for (quantity, place), series in _series(scenario):
        for position in range(1, len(series)):
            target, before = series.iloc[position], series.iloc[:position]
            if target["time"] <= before["time"].iloc[-1]:
                continue
            known = scenario.figures[scenario.figures["time"] <= before["time"].iloc[-1]]
            fit = estimate(scenario.replace(figures=known), members=members, rng=generator)
            draws = fit[quantity, place].at([target["time"]])
            draws = draws * _told(target, generator, draws.shape)
            rows.append(_scored(target, before, draws, scale=float(series["value"].max())))
    if not rows:
        raise ValueError("figures: a backtest needs a quantity with two figures at different times in one place")
    return pd.DataFrame(rows)


def _series(scenario: Scenario) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    """Stock figures with a number, as counts, by quantity and place, in the order of their time."""
    table = scenario.figures
    outcome = table["quantity"].map(lambda name: QUANTITIES[name].role == "outcome")
    counted = (table["kind"] == "stock") & (table["unit"] == "count") & (table["value"] > 0)
    usable = table[outcome & counted]
    groups = usable.sort_values("time", kind="stable").groupby(["quantity", "place"], sort=False)
    return [((str(key[0]), str(key[1])), group) for key, group in groups]


def _told(target: pd.Series, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """
    Factor from a true count to the number that is told of it.

    What is forecast is a report: it has the surplus and the rounding of its wording, the bias of whoever tells it, and
    the error that the fit allows every report.
    """
    mean, sd = moments(Claim(str(target["qualifier"]), float(target["value"]), float(target["value_high"])))
    error = np.sqrt(sd**2 + NUGGET**2 + BY_NAME["source_bias"].spread ** 2)
    return np.asarray(np.exp(np.log(target["value"]) - mean + error * rng.standard_normal(shape)))


def _scored(target: pd.Series, before: pd.DataFrame, draws: np.ndarray, *, scale: float) -> dict[str, Any]:
    first, last = before.iloc[0], before.iloc[-1]
    hours = (last["time"] - first["time"]) / pd.Timedelta(hours=1)
    lead = (target["time"] - last["time"]) / pd.Timedelta(hours=1)
    rate = max(np.log(max(first["value"], 0.5) / max(last["value"], 0.5)) / hours, 0.0) if hours > 0 else 0.0
    simple = {"persistence": last["value"], "exponential": last["value"] * np.exp(-rate * lead)}
    truth = np.array([target["value"]])
    low, median, high = np.quantile(draws[:, 0], [0.05, 0.5, 0.95])
    return {
        "id": target["id"], "place": target["place"], "quantity": target["quantity"], "origin": last["time"],
        "time": target["time"], "lead_h": lead, "value": target["value"], "low": low, "median": median, "high": high,
        **{f"inside{round(100 * level)}": bool(scoring.cover(draws, truth, level=level)[0]) for level in LEVELS},
        "pit": float(scoring.pit(draws, truth)[0]),
        "crps": float(scoring.crps(draws, truth)[0]) / scale,
        **{f"crps_{name}": abs(value - target["value"]) / scale for name, value in simple.items()},
    }  # fmt: skip
