"""How CPU time grows with members, places, figures, hours and events: the exponent between the two largest sizes."""

from __future__ import annotations

import math
from time import process_time

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from benchmarks.country import QUANTITY, START, country, figures


def town(horizon_h=168, events=2):
    """Return a scenario of one town with attacks spread over its hours."""
    times = START + pd.to_timedelta(np.linspace(6, horizon_h - 24, events).round(), unit="h")
    attacks = [ei.Event(time, kind="attack", duration_h=3) for time in times]
    return ei.Scenario(START, horizon_h, ei.Place("Town", power_customers=90_000), events=attacks)


def forward(scenario, members):
    run = ei.simulate(scenario, members=members, rng=1)
    regions = [(QUANTITY, root.name) for root in scenario.places]
    run.expect(regions)
    for key in regions:
        run.curves(*key)


def told(count):
    """Return a small country with so many figures."""
    rng = np.random.default_rng(1)
    scenario = country(100, rng)
    truth = ei.simulate(scenario, members=2, rng=2)
    return scenario.replace(figures=figures(scenario, truth, count, rng))


def fit(scenario, members):
    ei.estimate(scenario, members=members, rng=1)


CASES = {
    "members": ((16384, 65536), lambda size: (forward, (town(), size))),
    "places": ((300, 1000), lambda size: (forward, (country(size, np.random.default_rng(1)), 64))),
    "hours": ((1344, 4368), lambda size: (forward, (town(horizon_h=size), 256))),
    "events": ((16, 64), lambda size: (forward, (town(horizon_h=672, events=size), 256))),
    "figures": ((300, 1000), lambda size: (fit, (told(size), 128))),
}


@pytest.mark.benchmark(group="exponents")
@pytest.mark.parametrize("what", CASES)
def test_exponent(what, benchmark, report):
    sizes, case = CASES[what]
    works = [case(size) for size in sizes]
    seconds = [math.inf] * len(sizes)

    def once():
        for number, (work, given) in enumerate(works):
            begin = process_time()
            work(*given)
            seconds[number] = min(seconds[number], process_time() - begin)

    benchmark.pedantic(once, rounds=2)
    if benchmark.stats is None:
        return
    exponent = math.log(seconds[1] / seconds[0]) / math.log(sizes[1] / sizes[0])
    spent = f"{seconds[0]:.2f} s with {sizes[0]:,}, {seconds[1]:.2f} s with {sizes[1]:,}"
    report(f"exponent_of_{what}", exponent, f"{exponent:.2f} ({spent} of CPU)")
