"""The repair law against an event-driven queue: crews that each mend one fault at a time (M/M/C without arrivals).

Shares and crews meet as follows: with `crew_limit` = crews / stock, the law repairs rate x crews faults an hour where
there are many, and each at its own rate where there are few. In between it is slower than the queue.
"""

from __future__ import annotations

import heapq

import numpy as np
import pytest

STOCK = 1000
HOURS = np.arange(0, 40.0, 0.05)


def queue(faults, crews, *, runs, seed=1):
    """Mean faults left at `HOURS`; each crew takes the next fault and mends it in an exponential time of mean 1 h."""
    rng = np.random.default_rng(seed)
    left = np.zeros(len(HOURS))
    for _ in range(runs):
        free = [0.0] * crews
        done = []
        for mending in rng.exponential(1.0, faults):
            done.append(heapq.heappop(free) + mending)
            heapq.heappush(free, done[-1])
        left += faults - np.searchsorted(np.sort(done), HOURS, side="right")
    return left / runs


@pytest.fixture
def law(make_damage):
    """Faults left at `HOURS` by the library's law, in steps of 3 minutes at a rate of one an hour."""

    def left(faults, crews):
        # twice the rate and half the time stay within a day, in which the rate's noise does not change
        damage = make_damage(
            faults / STOCK, step_h=0.025, steps=len(HOURS), repair_rate_power=2.0, crew_limit_power=crews / STOCK
        )
        found = []
        for step in range(len(HOURS)):
            found.append(damage.of("power").out().item() * STOCK)
            damage.repair(step, np.full((1, 1), 0.025, np.float32))
        return np.array(found)

    return left


def time_to(left, share):
    """Hours until a share of the first value is left."""
    return np.interp(-share * left[0], -left, HOURS)


def test_few_faults_are_mended_exponentially_by_both(law):
    faults, crews = 10, 500
    mean, own = queue(faults, crews, runs=2000), law(faults, crews)
    exponential = faults * np.exp(-HOURS)
    # the worst standard error of a mean count is sqrt(10 / 4 / 2000); the law is 1 + 10 / 500 times slower at first
    assert np.abs(mean - exponential).max() < 4 * np.sqrt(faults / 4 / 2000)
    assert np.abs(own - exponential).max() < 0.02 * faults


def test_many_faults_are_mended_at_a_constant_rate_by_both(law):
    faults, crews = 900, 10
    early = HOURS < 30
    linear = (faults - crews * HOURS)[early]
    # completed repairs are a Poisson process of 10 an hour, at most 300 by then
    assert np.abs(queue(faults, crews, runs=100)[early] - linear).max() < 4 * np.sqrt(300 / 100)
    assert np.abs(law(faults, crews)[early] - linear).max() < 0.02 * crews * 30


def test_in_between_the_law_is_slower_than_the_queue(law):
    mean, own = queue(200, 20, runs=400), law(200, 20)
    # by hand: ln 10 + 180 / 20 for the law; 180 / 20 for the queue, whose crews are all busy until 20 are left
    assert time_to(own, 0.1) == pytest.approx(np.log(10) + 9, rel=0.005)
    assert time_to(mean, 0.1) == pytest.approx(9.1, abs=0.1)
    assert np.all(own >= mean - 4 * np.sqrt(200 / 400))
