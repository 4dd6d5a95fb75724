"""Cascades against an independent branching process, the moments of the Borel-Tanner law and hand-worked numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import chisquare

from energy_impact.model.cascade import MOST_TRIPS, borel_tanner, borel_total, cascaded_hit

shares = st.floats(0, 1, width=32)
totals = st.integers(1, MOST_TRIPS)


def branching(spread, *, initial=1, runs, seed):
    """Total trips of runs in which every trip of a generation causes a Poisson number of trips in the next."""
    rng = np.random.default_rng(seed)
    generation = np.full(runs, initial)
    total = generation.copy()
    while generation.any():
        generation = rng.poisson(spread * generation)
        total += generation
    return total


def evenly(count):
    """Standard-normal numbers that share out the probability evenly."""
    return ndtri((np.arange(count) + 0.5) / count)


@pytest.mark.parametrize(("spread", "initial"), [(0.2, 1), (0.5, 1), (0.8, 1), (0.6, 3)])
def test_the_law_has_its_known_moments(spread, initial):
    total = np.arange(2000)
    chance = borel_tanner(total, spread, initial=initial)
    mean = (chance * total).sum()
    assert chance.sum() == pytest.approx(1, rel=1e-12)
    assert mean == pytest.approx(initial / (1 - spread), rel=1e-10)
    assert (chance * (total - mean) ** 2).sum() == pytest.approx(initial * spread / (1 - spread) ** 3, rel=1e-8)


def test_small_totals_are_as_worked_by_hand():
    # no further trip; one that causes none; a chain of three or two from the first
    expected = [np.exp(-0.5), 0.5 * np.exp(-1.0), 1.5 * 0.25 * np.exp(-1.5)]
    assert borel_tanner([1, 2, 3], 0.5) == pytest.approx(expected, rel=1e-12)
    assert borel_tanner([0, 1, 2], 0.5, initial=2) == pytest.approx([0, 0, np.exp(-1.0)], rel=1e-12)


@pytest.mark.parametrize(("spread", "initial"), [(0.3, 1), (0.7, 1), (0.9, 1), (0.6, 2)])
def test_totals_are_those_of_a_branching_process(spread, initial):
    runs = 40_000
    simulated = branching(spread, initial=initial, runs=runs, seed=4)
    drawn = borel_total(evenly(runs), np.full(runs, spread), initial=initial)
    last = int(np.quantile(drawn, 0.995))
    edges = np.array([*range(initial, last + 1), np.inf])
    expected, seen = np.histogram(drawn, edges)[0], np.histogram(simulated, edges)[0]
    rare = expected < 20
    groups = [np.append(count[~rare], count[rare].sum()) for count in (seen, expected)]
    keep = groups[1] > 0
    assert chisquare(groups[0][keep], groups[1][keep]).pvalue > 0.01
    assert drawn.mean() == pytest.approx(initial / (1 - spread), rel=0.01)
    sd = np.sqrt(initial * spread / (1 - spread) ** 3)
    assert simulated.mean() == pytest.approx(drawn.mean(), abs=4 * sd / np.sqrt(runs))


def test_totals_share_out_the_probability_of_the_law():
    drawn = borel_total(evenly(100_000), np.full(100_000, 0.6))
    seen = np.bincount(drawn.astype(int), minlength=61)[:61] / 100_000
    np.testing.assert_allclose(seen, borel_tanner(np.arange(61), 0.6), rtol=0, atol=1.1e-5)


def test_each_member_has_its_own_spread_and_totals_rise_with_luck_and_spread():
    luck, spread = np.meshgrid(np.linspace(-3, 3, 61), np.linspace(0, 0.95, 39))
    drawn = borel_total(luck, spread)
    assert drawn.dtype == np.float32
    assert np.all(np.diff(drawn, axis=0) >= 0)
    assert np.all(np.diff(drawn, axis=1) >= 0)
    assert np.all(drawn[0] == 1)
    assert drawn[-1, -1] > 100


def test_totals_are_cut_at_a_stated_number():
    assert borel_total(np.array([3.0]), np.array([0.99])) == MOST_TRIPS
    total = np.arange(MOST_TRIPS + 1)
    left = [1 - borel_tanner(total, spread).sum() for spread in (0.5, 0.9, 0.99)]
    assert left == pytest.approx([0, 1e-5, 0.017], rel=0.05, abs=1e-12)


def test_a_cascade_multiplies_a_hit_as_worked_by_hand():
    hit = np.float32([[0.1], [0.5]])
    found = cascaded_hit(hit, np.float32([1, 3]))
    assert found == pytest.approx(np.array([[0.1, 0.271], [0.5, 0.875]]), rel=1e-6)
    assert found.dtype == np.float32
    assert cascaded_hit(np.float32([1e-9]), np.float32([5])) == pytest.approx(5e-9, rel=1e-5)


@given(totals)
def test_no_hit_stays_none_and_a_whole_one_whole(total):
    assert cascaded_hit(np.float32([0, 1]), np.float32(total)).tolist() == [0, 1]


@given(shares, shares, totals, totals)
def test_a_harder_hit_or_a_longer_cascade_never_leaves_fewer_out(one, other, few, many):
    (one, other), (few, many) = sorted((one, other)), sorted((few, many))
    found = cascaded_hit(np.float32([one, other]), np.float32([[few], [many]]))
    assert np.all(np.diff(found) >= 0)
    assert np.all(np.diff(found, axis=0) >= 0)
    assert np.all(found >= np.float32([one, other]) * (1 - 2e-7))
    assert np.all((found >= 0) & (found <= 1))
