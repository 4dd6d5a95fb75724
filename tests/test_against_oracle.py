"""The fast fit against a slow, exact sampler on the same model: medians and widths of the bands, hour by hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.ensemble_runs import Curves
from energy_impact.prepare import prepare
from tests.crowd import CROWD_ALONE, SLOW_CROWD
from tests.oracle import sample, temper

if TYPE_CHECKING:
    from collections.abc import Callable

Told = tuple[int, float | None, str]
LEVELS = (0.05, 0.5, 0.95)
SHIFT, WIDTH = 0.3, 0.2
"""How far the median may lie off, in standard deviations of the oracle, and by which share the 90 % width."""


def figures(start: pd.Timestamp, place: str, quantity: str, *told: Told) -> list[dict[str, object]]:
    """Rows of figures given as (hour, value, qualifier)."""
    return [
        {
            "id": f"at {hour} h",
            "time": start + pd.Timedelta(hours=hour),
            "place": place,
            "quantity": quantity,
            "value": value,
            "qualifier": word,
            "kind": "stock",
            "source": "operator",
        }
        for hour, value, word in told
    ]


STORM_PRIORS = {
    "severity_power": {"median": 0.129, "spread": 1.56, "loading": 0.63},
    "repair_rate_power": {"median": 0.244, "spread": 0.95, "loading": -0.37},
    "slow_ratio_power": {"median": 0.31, "spread": 0.93, "loading": 0.25},
    "slow_share_power": {"median": 0.148, "spread": 1.5, "loading": 0.32},
    "lost_share_power": {"median": 0.0308, "spread": 1.54, "loading": 0.19},
    "lost_h_power": {"median": 119, "spread": 0.72, "loading": -0.12},
    "crew_limit_power": {"median": 0.124, "spread": 1.35, "loading": -0.23},
    "start_lag_h": {"median": 1.16, "spread": 1.38, "loading": 0.02},
    "night_factor": {"median": 0.689, "spread": 1.88, "loading": -0.42},
    "initial_out_power": {"median": 0.000187, "spread": 1.5, "loading": 0.06},
    "job_share_power": {"median": 0.0457, "spread": 1.39, "loading": -0.13},
    "job_h_power": {"median": 23.8, "spread": 1.02, "loading": -0.04},
    "job_split_power": {"median": 0.701, "spread": 1.2, "loading": -0.07},
    "job_rest_power": {"median": 0.0189, "spread": 1.5, "loading": 0.11},
}
"""Priors of the storm of these tests, so that priors learned anew do not change what is compared."""


ATTACK_PRIORS = {
    "severity_heat": {"median": 0.416, "spread": 1.44},
    "repair_rate_heat": {"median": 0.23, "spread": 1.07},
    "job_h_heat": {"median": 6.48, "spread": 1.6},
    "start_lag_h": {"median": 1.96, "spread": 0.9},
    "capability_hit": {"median": 0.03, "spread": 1.5},
}
"""The same for the attack with jobs."""


def storm() -> ei.Scenario:
    start = pd.Timestamp("2024-01-13T00:00-08:00")
    place = ei.Place("Coast", timezone="America/Los_Angeles", power_customers=(900_000, 1_000_000))
    told = [(12, 120_000, "about"), (30, 60_000, "over"), (48, 25_000, "exact")]
    return ei.Scenario(
        start,
        144,
        place,
        events=[ei.Event(start, kind="storm", duration_h=12)],
        figures=figures(start, "Coast", "power_customers_out", *told),
        priors=STORM_PRIORS,
    )


def attack() -> ei.Scenario:
    """Three figures of an attack of which no damage hangs on jobs."""
    told = [(10, 5600, "about"), (34, 4000, "over"), (58, 2600, "exact")]
    return attacked(told, CROWD_ALONE)


def jobs() -> ei.Scenario:
    """Two figures of an attack of which damage hangs on jobs."""
    return attacked([(10, 5600, "about"), (34, 2600, "about")], ATTACK_PRIORS)


def attacked(told: list[Told], priors: dict[str, dict[str, float]] | None = None) -> ei.Scenario:
    start = pd.Timestamp("2026-01-20T00:00+02:00")
    place = ei.Place("Kyiv", timezone="Europe/Kyiv", heat_buildings=(11_500, 12_800))
    event = ei.Event("2026-01-20T01:00+02:00", kind="attack", duration_h=6, missiles=34, drones=339)
    frost = pd.Series(-10.0, index=pd.date_range(start, periods=169, freq="h"))
    rows = figures(start, "Kyiv", "heat_buildings_out", *told)
    return ei.Scenario(start, 168, place, events=[event], weather=frost, figures=rows, priors=priors)


def ended(*told: Told) -> ei.Scenario:
    """The storm, with figures that are ends and not numbers."""
    scenario = storm()
    return scenario.replace(figures=figures(scenario.start, "Coast", "power_customers_out", *told))


def drained() -> ei.Scenario:
    """
    Buildings that were drained, as figures of Kharkiv have it, where small faults are repaired slowly.

    With the learned, faster priors the figures lie in a thin tail in the first hour, which the fit misses.
    """
    return ei.load_scenario("kharkiv-2026-02-03").replace(priors=SLOW_CROWD)


class Case(NamedTuple):
    """A scenario, the curve to compare, and at which hours after the start."""

    scenario: Callable[[], ei.Scenario]
    curve: tuple[str, str]
    hours: tuple[int, ...]


CASES = {
    "storm": Case(storm, ("power_customers_out", "Coast"), (12, 24, 36, 48, 72, 120)),
    "attack": Case(attack, ("heat_buildings_out", "Kyiv"), (10, 24, 46, 58, 82, 130)),
    "jobs": Case(jobs, ("heat_buildings_out", "Kyiv"), (10, 24, 34, 46, 82, 130)),
    "none": Case(
        lambda: ended((12, 120_000, "about"), (48, None, "none")),
        ("power_customers_out", "Coast"),
        (12, 24, 36, 48, 72, 120),
    ),
    "zero": Case(
        lambda: ended((12, 120_000, "about"), (30, 0, "exact")),
        ("power_customers_out", "Coast"),
        (12, 18, 24, 30, 48, 96),
    ),
    "bounds": Case(
        lambda: ended((12, 120_000, "at_least"), (30, 60_000, "under")),
        ("power_customers_out", "Coast"),
        (12, 24, 30, 48, 72, 120),
    ),
    "all": Case(
        lambda: attacked([(10, None, "all"), (34, 5000, "under")], CROWD_ALONE),
        ("heat_buildings_out", "Kyiv"),
        (10, 20, 34, 46, 82, 130),
    ),
    "drained": Case(drained, ("heat_buildings_out", "Kharkiv"), (54, 60, 72, 96, 144, 216)),
}


def oracle_draws(case: Case, *, members: int, moves: int, rng: int) -> tuple[np.ndarray, int]:
    """Draws of the oracle at the hours, (members, hours), and its forward runs."""
    scenario = case.scenario()
    normal, runs = sample(scenario, members=members, moves=moves, rng=rng)
    curve = Curves(prepare(scenario), np.asarray(normal, np.float32))(*case.curve)
    return curve[:, [round(hour / scenario.step_h) for hour in case.hours]], runs


def fit_draws(case: Case, *, rng: int) -> np.ndarray:
    """Draws of the fast fit at the hours, (members, hours)."""
    scenario = case.scenario()
    times = [scenario.start + pd.Timedelta(hours=hour) for hour in case.hours]
    return ei.estimate(scenario, members=2048, rng=rng)[case.curve].at(times)


def compare(fit: np.ndarray, exact: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shift of the median in standard deviations of the oracle, and the ratio of the 90 % widths, hour by hour."""
    ours, right = (np.quantile(draws, LEVELS, axis=0) for draws in (fit, exact))
    return (ours[1] - right[1]) / exact.std(0), (ours[2] - ours[0]) / (right[2] - right[0])


def deviations(name: str, *, runs: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Shifts and ratios of widths of fits against runs of the oracle, means of four seeds."""
    exact = np.vstack([oracle_draws(CASES[name], members=4096, moves=30, rng=2 + run)[0] for run in range(runs)])
    shift, width = np.mean([compare(fit_draws(CASES[name], rng=seed), exact) for seed in (1, 2, 3, 4)], axis=0)
    return shift, width


def test_the_oracle_meets_a_posterior_known_in_closed_form():
    """Forty standard-normal numbers of which 1.5 = x0 + 2 x1 was seen with an error of 0.1: a narrow ridge.

    The sum has a prior variance of 5, so its posterior mean is 1.5 x 5 / 5.01 and its variance 5 x 0.01 / 5.01; x0 has
    the mean 1.5 / 5.01 and the variance 1 - 1 / 5.01.
    """
    generator = np.random.default_rng(1)
    prior = generator.standard_normal((40, 4000))
    normal, _ = temper(prior, lambda x: -0.5 * ((1.5 - x[0] - 2 * x[1]) / 0.1) ** 2, generator, moves=15)
    total = normal[0] + 2 * normal[1]
    assert total.mean() == pytest.approx(1.5 * 5 / 5.01, abs=0.01)
    assert total.std() == pytest.approx(np.sqrt(0.05 / 5.01), rel=0.06)
    assert normal[0].mean() == pytest.approx(1.5 / 5.01, abs=0.08)
    assert normal[0].std() == pytest.approx(np.sqrt(1 - 1 / 5.01), rel=0.06)
    np.testing.assert_allclose(normal[2:].std(1), 1, atol=0.08)


def test_an_attack_is_fitted_as_by_the_oracle():
    """Of the crowd of small faults alone; for jobs see below."""
    shift, width = deviations("attack")
    assert (abs(shift) < SHIFT).all()
    assert (abs(width - 1) < WIDTH).all()


def test_drained_buildings_are_fitted_as_by_the_oracle_but_narrower_before_the_first_figure():
    """Two hours before the first figure the 90 % band is 29 % too narrow, so 30 % are let pass there.

    Since plants are fed again first, few members lose heat by power alone: a thin tail that straight steps miss. Two
    runs of the oracle are pooled, since that band scatters from 370 to 430 buildings between runs.
    """
    shift, width = deviations("drained", runs=2)
    assert (abs(shift) < SHIFT).all()
    assert width[0] > 0.7
    assert (abs(width[1:] - 1) < WIDTH).all()


@pytest.mark.parametrize("name", ["none", "zero", "bounds"])
def test_words_that_are_ends_are_fitted_as_by_the_oracle(name):
    """Where the Gaussian alone leaves medians off by up to 1.6 standard deviations and bands up to 6 times as wide."""
    shift, width = deviations(name)
    assert (abs(shift) < SHIFT).all()
    assert (abs(width - 1) < WIDTH).all()


def test_all_and_then_fewer_than_half_are_fitted_nearly_as_by_the_oracle():
    """Medians lie off by up to 0.3 standard deviations, at the hour of "all", so half of one is let pass.

    Without the exact likelihoods they lie off by up to 0.84, and bands are up to 1.74 times as wide.
    """
    shift, width = deviations("all")
    assert (abs(shift) < 0.5).all()
    assert (abs(width - 1) < WIDTH).all()


def test_jobs_are_chosen_nearly_as_by_the_oracle_but_wider_between_the_figures():
    """Medians lie off by up to 0.34 standard deviations and widths by up to 58 %: half, 75 % and 160 % are let pass.

    The choice among draws has heavy tails and takes the other numbers as linear, so it keeps jobs that the exact answer
    rules out: between two figures, where it is open when a job was done, and in the tail, where too many are open.
    """
    shift, width = deviations("jobs")
    assert (abs(shift) < 0.5).all()
    assert ((width > 0.75) & (width < 1.6)).all()


def test_a_storm_is_fitted_as_by_the_oracle_but_wider_after_the_last_figure():
    """After the last figure the 90 % band is wider by 15 to 20 %, as much as was wanted at most.

    So 30 % are let pass there. How the tail follows from the parameters is curved, and the smoother's steps are
    straight.
    """
    shift, width = deviations("storm")
    after = np.array(CASES["storm"].hours) > 48
    assert (abs(shift) < SHIFT).all()
    assert (abs(width[~after] - 1) < WIDTH).all()
    assert ((width[after] > 1 - WIDTH) & (width[after] < 1.3)).all()
