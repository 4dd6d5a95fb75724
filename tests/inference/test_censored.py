"""Durations beyond a bound: against their prior, which a redraw must leave as it is, and the part of it beyond."""

import numpy as np
import pytest
from scipy.stats import kstest, norm, truncnorm

from energy_impact.inference.censored import Durations, above, redrawn

MEMBERS = 20_000
REST = np.array([[2.0, 2.1, 1.9], [1.5, 1.5, 1.5]])[..., None]
EFFECT = np.array([[0.9], [1.2]])
SPREAD = np.array([[0.4, 0.8, 0.7], [0.5, 0.4, 0.9]])[..., None]
BOUND = np.array([2.3, 1.8])


def of_prior(seed=0, members=MEMBERS):
    draws = np.random.default_rng(seed)
    own, each = draws.standard_normal((2, members)), draws.standard_normal((2, 3, members))
    return Durations(np.repeat(REST, members, 2), EFFECT, SPREAD, own, each)


def beyond(durations):
    return durations.logarithms() >= BOUND[:, None, None]


def test_a_redraw_leaves_the_prior_as_it_is():
    before = of_prior()
    after = redrawn(before, BOUND, np.random.default_rng(1))
    rows = np.concatenate([after.own, after.each.reshape(6, -1)])
    assert all(kstest(row, norm.cdf).pvalue > 1e-3 for row in rows)
    assert np.abs(np.corrcoef(rows) - np.eye(len(rows))).max() < 5 / np.sqrt(MEMBERS)


def test_what_is_over_keeps_its_length_and_what_is_not_is_drawn_anew_beyond_the_bound():
    before = of_prior()
    after = redrawn(before, BOUND, np.random.default_rng(1))
    there, some = beyond(before), beyond(before).any(1)
    assert (beyond(after) == there).mean() > 0.9999
    np.testing.assert_allclose(after.logarithms()[~there], before.logarithms()[~there], rtol=1e-12)
    assert (after.each[there] != before.each[there]).all()
    assert (after.own[some] != before.own[some]).mean() > 0.7
    assert (after.own[~some] == before.own[~some]).all()


def test_durations_that_a_fit_put_just_beyond_the_bound_get_the_tail_of_the_prior():
    """As in prior members that have all durations of a group beyond it, found by rejection."""
    prior = of_prior(seed=2, members=300_000).logarithms()
    wanted = [group[:, (group >= least).all(0)] for group, least in zip(prior, BOUND, strict=True)]
    members = 4000
    start = (BOUND[:, None, None] + 0.01 - REST) / SPREAD
    found = Durations(np.repeat(REST, members, 2), EFFECT, SPREAD, np.zeros((2, members)), np.repeat(start, members, 2))
    draws = np.random.default_rng(3)
    for _ in range(60):
        found = redrawn(found, BOUND, draws)
    for mine, exact in zip(found.logarithms(), wanted, strict=True):
        assert exact.shape[1] > 10_000
        np.testing.assert_allclose(
            *(np.quantile(lengths, [0.1, 0.5, 0.9], axis=1) for lengths in (mine, exact)), atol=0.1
        )


@pytest.mark.parametrize("low", [-3.0, 0.0, 2.5, 6.0])
def test_numbers_above_others_are_a_truncated_normal(low):
    found = above(np.full(20_000, low), np.random.default_rng(0))
    assert kstest(found, truncnorm(low, np.inf).cdf).pvalue > 1e-3


def test_numbers_above_one_that_is_out_of_reach_are_finite():
    low = np.array([12.0, 38.0, 80.0])
    found = above(low, np.random.default_rng(0))
    assert np.isfinite(found).all()
    assert (found >= low).all()
