import numpy as np
import pytest

from energy_impact.inference.smoother import OUTLIER_Z, leave_one_out, robust_variance, smooth

MEMBERS = 8192


def linear_case(seed=0, figures=6, rows=4):
    rng = np.random.default_rng(seed)
    operator = rng.standard_normal((figures, rows))
    variance = rng.uniform(0.2, 1.0, figures)
    truth = rng.standard_normal(rows)
    return operator, variance, operator @ truth + np.sqrt(variance) * rng.standard_normal(figures)


def kalman(operator, variance, observed):
    gain = operator.T @ np.linalg.inv(operator @ operator.T + np.diag(variance))
    return gain @ observed, np.eye(operator.shape[1]) - gain @ operator


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_linear_gaussian_case_equals_the_kalman_filter(seed):
    operator, variance, observed = linear_case(seed)
    rng = np.random.default_rng(10 + seed)
    prior = rng.standard_normal((operator.shape[1], MEMBERS))
    fit = smooth(prior, lambda normal: operator @ normal, observed, variance, rng)
    mean, covariance = kalman(operator, variance, observed)
    tolerance = 3 / np.sqrt(MEMBERS)
    assert fit.normal.mean(1) == pytest.approx(mean, abs=tolerance * np.sqrt(np.diag(covariance)).max() * 2)
    assert np.cov(fit.normal) == pytest.approx(covariance, abs=2 * tolerance)


def test_leave_one_out_equals_regression_on_the_others():
    rng = np.random.default_rng(3)
    root = rng.standard_normal((5, 5))
    covariance, miss = root @ root.T + np.eye(5), rng.standard_normal(5)
    residual, variance = leave_one_out(covariance, miss)
    rest = [0, 1, 3, 4]
    weights = np.linalg.solve(covariance[np.ix_(rest, rest)], covariance[rest, 2])
    assert residual[2] == pytest.approx(miss[2] - weights @ miss[rest])
    assert variance[2] == pytest.approx(covariance[2, 2] - weights @ covariance[rest, 2])


def test_a_figure_that_the_others_do_not_support_gets_a_larger_error():
    rng = np.random.default_rng(4)
    level = rng.standard_normal(2000)
    predicted = np.tile(level, (8, 1)) + 0.05 * rng.standard_normal((8, 2000))
    observed = np.full(8, 0.3)
    observed[5] += np.log(10)
    variance = np.full(8, 0.01)
    inflated = robust_variance(predicted, observed, variance)
    spread = np.cov(predicted) + np.diag(inflated)
    residual, expected = leave_one_out(spread, observed - predicted.mean(1))
    assert abs(residual[5]) / np.sqrt(expected[5]) == pytest.approx(OUTLIER_Z, rel=1e-6)
    assert np.delete(inflated, 5) == pytest.approx(np.delete(variance, 5), rel=0.5)


def test_figures_that_agree_keep_their_errors():
    rng = np.random.default_rng(5)
    predicted = np.tile(rng.standard_normal(2000), (4, 1)) + 0.05 * rng.standard_normal((4, 2000))
    variance = np.full(4, 0.02)
    observed = 0.5 + np.array([0.1, -0.1, 0.05, -0.05])
    assert robust_variance(predicted, observed, variance) == pytest.approx(variance)


def test_progress_counts_every_run():
    operator, variance, observed = linear_case()
    seen = []
    rng = np.random.default_rng(0)
    smooth(rng.standard_normal((4, 64)), lambda normal: operator @ normal, observed, variance, rng,
           lambda done, total: seen.append((done, total)))  # fmt: skip
    assert seen == [(done, 5) for done in range(1, 6)]
