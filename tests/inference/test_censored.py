"""Durations between edges: against their prior, which a redraw must leave as it is, and the parts of it."""

import numpy as np
import pytest
from scipy.stats import kstest, norm, truncnorm

from energy_impact.inference.censored import Durations, between, redrawn

MEMBERS = 20_000
REST, EFFECT = np.array([[2.0], [1.5]]), np.array([[0.9], [1.2]])
SPREAD = np.array([[0.4, 0.8, 0.7], [0.5, 0.4, 0.9]])[..., None]
EDGES = np.array([0.7, 1.4, 2.3])


def of_prior(seed=0, members=MEMBERS):
    draws = np.random.default_rng(seed)
    return Durations(
        rest=np.repeat(REST, members, 1),
        effect=EFFECT,
        spread=SPREAD,
        own=draws.standard_normal((2, members)),
        each=draws.standard_normal((2, 3, members)),
    )


def inside(durations):
    return np.searchsorted(EDGES, durations.logarithms())


def test_a_redraw_leaves_the_prior_as_it_is():
    before = of_prior()
    after = redrawn(before, EDGES, np.random.default_rng(1))
    rows = np.concatenate([after.own, after.each.reshape(6, -1)])
    assert all(kstest(row, norm.cdf).pvalue > 1e-3 for row in rows)
    assert np.abs(np.corrcoef(rows) - np.eye(len(rows))).max() < 5 / np.sqrt(MEMBERS)
    assert (after.own != before.own).mean() > 0.5
    assert (after.each != before.each).all()


def test_each_duration_ends_between_the_same_edges_as_before():
    before = of_prior()
    after = redrawn(before, EDGES, np.random.default_rng(1))
    assert (inside(after) == inside(before)).mean() > 0.9999
    assert np.abs(after.logarithms() - before.logarithms()).max() > 1


@pytest.mark.parametrize(("low", "high", "start"), [(2.3, np.inf, 2.31), (0.7, 1.4, 1.39), (-np.inf, 0.7, 0.69)])
def test_durations_that_a_fit_put_near_an_edge_are_spread_as_in_the_prior(low, high, start):
    """As in prior members that have all durations of a group there, found by rejection."""
    prior = of_prior(seed=2, members=300_000).logarithms()
    wanted = [group[:, ((group >= low) & (group < high)).all(0)] for group in prior]
    members = 4000
    own, each = np.zeros((2, members)), np.repeat((start - REST)[..., None] / SPREAD, members, 2)
    found = Durations(np.repeat(REST, members, 1), EFFECT, SPREAD, own, each)
    draws = np.random.default_rng(3)
    for _ in range(60):
        found = redrawn(found, EDGES, draws)
    for mine, exact in zip(found.logarithms(), wanted, strict=True):
        assert exact.shape[1] > 500
        np.testing.assert_allclose(
            *(np.quantile(lengths, [0.1, 0.5, 0.9], axis=1) for lengths in (mine, exact)), atol=0.1
        )


@pytest.mark.parametrize(("low", "high"), [(-3.0, np.inf), (0.0, 0.1), (2.5, 4.0), (6.0, np.inf), (-7.0, -6.0)])
def test_numbers_between_others_are_a_truncated_normal(low, high):
    found = between(np.full(20_000, low), np.full(20_000, high), np.random.default_rng(0))
    assert kstest(found, truncnorm(low, high).cdf).pvalue > 1e-3


def test_numbers_out_of_reach_are_finite_and_between():
    low = np.array([12.0, 38.0, 80.0, -81.0])
    high = np.array([np.inf, np.inf, np.inf, -80.0])
    found = between(low, high, np.random.default_rng(0))
    assert np.isfinite(found).all()
    assert ((found >= low) & (found <= high)).all()
