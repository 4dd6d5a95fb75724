"""Durations beyond a bound: against their prior, which a redraw must leave as it is, and the part of it beyond."""

import numpy as np
import pytest
from scipy.stats import kstest, norm, truncnorm

from energy_impact.inference.censored import Durations, above, redrawn

MEMBERS = 40_000
REST, EFFECT, SPREAD = np.array([2.0, 1.5]), np.array([0.9, 1.2]), np.array([[0.4, 0.8, 0.7], [0.5, 0.4, 0.9]])
BOUND = 2.3


def of_prior(seed=0, members=MEMBERS):
    draws = np.random.default_rng(seed)
    return Durations(
        rest=np.repeat(REST[:, None], members, 1),
        effect=EFFECT,
        spread=SPREAD,
        common=draws.standard_normal(members),
        own=draws.standard_normal((2, members)),
        each=draws.standard_normal((2, 3, members)),
    )


def numbers(durations):
    parts = durations.common[None], durations.own, durations.each.reshape(-1, durations.each.shape[-1])
    return np.concatenate(parts)


def test_a_redraw_leaves_the_prior_as_it_is():
    before = of_prior()
    after = redrawn(before, BOUND, np.random.default_rng(1))
    rows = numbers(after)
    assert all(kstest(row, norm.cdf).pvalue > 1e-3 for row in rows)
    assert np.abs(np.corrcoef(rows) - np.eye(len(rows))).max() < 5 / np.sqrt(MEMBERS)
    assert (after.common != before.common).mean() > 0.5


def test_what_is_over_keeps_its_length_and_what_is_not_stays_beyond():
    before = of_prior()
    after = redrawn(before, BOUND, np.random.default_rng(1))
    beyond = before.logarithms() >= BOUND
    assert after.logarithms()[~beyond] == pytest.approx(before.logarithms()[~beyond])
    assert (after.logarithms()[beyond] >= BOUND - 1e-9).all()
    assert (after.logarithms()[beyond] != before.logarithms()[beyond]).all()


def test_lengths_that_a_fit_put_just_beyond_the_bound_get_the_tail_of_the_prior():
    """The tail is that of prior members that have all of one group beyond the bound, found by rejection."""
    wanted = of_prior(seed=2, members=400_000)
    wanted = wanted.of(np.flatnonzero((wanted.logarithms() >= BOUND).all((0, 1))))
    start = np.zeros(len(wanted.common))
    base = REST[:, None] + np.zeros_like(wanted.own)
    each = (BOUND + 0.01 - base)[:, None] / SPREAD[..., None]
    found = Durations(base, EFFECT, SPREAD, start, np.zeros_like(wanted.own), each)
    draws = np.random.default_rng(3)
    for _ in range(60):
        found = redrawn(found, BOUND, draws)
    for mine, exact in zip(found.logarithms().reshape(6, -1), wanted.logarithms().reshape(6, -1), strict=True):
        assert np.quantile(mine, [0.1, 0.5, 0.9]) == pytest.approx(np.quantile(exact, [0.1, 0.5, 0.9]), rel=0.03)


@pytest.mark.parametrize("low", [-3.0, 0.0, 2.5, 6.0])
def test_numbers_above_others_are_a_truncated_normal(low):
    found = above(np.full(20_000, low), np.random.default_rng(0))
    assert kstest(found, truncnorm(low, np.inf).cdf).pvalue > 1e-3


def test_numbers_above_one_that_is_out_of_reach_are_finite():
    found = above(np.array([12.0, 38.0, 80.0]), np.random.default_rng(0))
    assert np.isfinite(found).all()
    assert (found >= [12, 38, 80]).all()
