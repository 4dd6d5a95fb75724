"""Members drawn by weights."""

import numpy as np
import pytest

from energy_impact.inference.weights import LEAST_EFFECTIVE, drawn, tempered


def test_tempering_keeps_the_order_and_raises_no_more_than_it_must():
    logs = -0.5 * np.linspace(0, 40, 400) ** 2
    weights = tempered(logs)
    effective = 1 / np.square(weights).sum() / 400
    assert LEAST_EFFECTIVE <= effective < 1.3 * LEAST_EFFECTIVE
    assert np.all(np.diff(weights) <= 0)
    assert weights.sum() == pytest.approx(1)
    even = -0.5 * np.linspace(-1, 1, 400) ** 2
    np.testing.assert_allclose(tempered(even), np.exp(even) / np.exp(even).sum())  # enough count as it is


def test_members_are_drawn_as_often_as_their_likelihood_says():
    logs = np.log(np.repeat([1.0, 3.0, 2.0], 100))
    counts = np.bincount(drawn(logs, np.random.default_rng(1)), minlength=300)
    np.testing.assert_allclose(counts.reshape(3, 100).sum(1), [50, 150, 100], atol=1)
    assert counts.max() <= 2


def test_equal_likelihoods_draw_each_member_once():
    np.testing.assert_array_equal(drawn(np.full(50, -7.0), np.random.default_rng(1)), np.arange(50))


def test_a_likelihood_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="must be finite"):
        drawn(np.array([0.0, -np.inf]), np.random.default_rng(1))
