import numpy as np
import pytest
from scipy.special import log_ndtr
from scipy.stats import truncnorm

import energy_impact as ei
from energy_impact.inference.gain import Covariance
from energy_impact.inference.robust import OUTLIER_Z, common_miss, leave_one_out, robust_variance
from energy_impact.inference.smoother import STEPS
from tests.smoothed import smooth

MEMBERS = 8192


def one_block(spread):
    return Covariance((np.arange(len(spread)),), (spread,), np.zeros((len(spread), 0)), np.zeros((0, 0)))


def against_the_others(covariance, miss):
    inverse = np.linalg.inv(covariance)
    return leave_one_out(inverse @ miss, np.diag(inverse))


def linear_case(seed=0, figures=6, rows=4):
    rng = np.random.default_rng(seed)
    operator = rng.standard_normal((figures, rows))
    variance = rng.uniform(0.2, 1.0, figures)
    truth = rng.standard_normal(rows)
    return operator, variance, operator @ truth + np.sqrt(variance) * rng.standard_normal(figures)


def kalman(operator, variance, observed):
    gain = operator.T @ np.linalg.inv(operator @ operator.T + np.diag(variance))
    return gain @ observed, np.eye(operator.shape[1]) - gain @ operator


@pytest.mark.parametrize("structural", [4, 2, 1])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_linear_gaussian_case_equals_the_kalman_filter(seed, structural):
    operator, variance, observed = linear_case(seed)
    rng = np.random.default_rng(10 + seed)

    def forward(_, normal):
        return operator[:, :structural] @ normal[:structural], operator @ normal

    prior = rng.standard_normal((operator.shape[1], MEMBERS))
    fit = smooth(
        prior,
        lambda _: None,
        forward,
        observed,
        variance,
        rng,
        groups=np.zeros(len(observed), int),
        structural=structural,
    )
    mean, covariance = kalman(operator, variance, observed)
    tolerance = 3 / np.sqrt(MEMBERS)
    assert np.abs(fit.normal.mean(1) - mean).max() < tolerance
    assert np.abs(np.cov(fit.normal) - covariance).max() < tolerance
    np.testing.assert_allclose(fit.predicted, operator @ fit.normal)


def test_the_only_figure_of_an_event_far_smaller_than_usual_is_believed_as_the_exact_answer_does():
    """It is 5.5 prior standard deviations away, with an error of one: the Kalman mean is half-way."""
    rng = np.random.default_rng(4)
    prior = rng.standard_normal((1, MEMBERS))
    fit = smooth(
        prior,
        lambda _: None,
        lambda _, normal: (normal, normal),
        np.array([-5.5]),
        np.array([1.0]),
        rng,
        groups=np.zeros(1, int),
        structural=1,
    )
    assert fit.normal.mean() == pytest.approx(-2.75, abs=3 / np.sqrt(MEMBERS))
    assert fit.normal.std() == pytest.approx(np.sqrt(0.5), abs=3 / np.sqrt(MEMBERS))


def below_an_edge(edge, *, exact, error=0.05):
    """Fit one number of which only is known that it is below an edge, with the Gaussian one below it of spread one."""
    return smooth(
        np.random.default_rng(6).standard_normal((1, MEMBERS)),
        lambda _: None,
        lambda _, normal: (normal, normal),
        np.array([edge - 1.0]),
        np.array([1.0]),
        np.random.default_rng(7),
        groups=np.zeros(1, int),
        structural=1,
        exact={0: lambda value: log_ndtr((edge - value) / error)} if exact else {},
    ).predicted[0]


@pytest.mark.parametrize("edge", [-1.0, 0.0, 1.5])
def test_what_is_only_known_to_be_below_an_edge_is_fitted_as_a_truncated_normal(edge):
    """Of a standard-normal number; without the exact likelihood the Gaussian is off by more than twice as much."""
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    truth = truncnorm.ppf(levels, -np.inf, edge)
    far = {exact: abs(np.quantile(below_an_edge(edge, exact=exact), levels) - truth).max() for exact in (True, False)}
    assert far[True] < 0.15
    assert far[False] > 2 * far[True]


@pytest.mark.parametrize("edge", [-3.0, -4.0])
def test_an_edge_far_below_all_members_is_met(edge):
    """The Gaussian of spread one leaves half of the way, and 99 % of the members outside."""
    found, truth = below_an_edge(edge, exact=True), truncnorm.ppf([0.05, 0.5], -np.inf, edge)
    assert np.mean(found > edge + 0.1) < 0.01
    assert np.quantile(found, [0.05, 0.5]) == pytest.approx(truth, abs=0.15)


def test_an_end_that_is_not_believed_is_given_way():
    """Twenty exact numbers say 0 where an end says below -3: members are not drawn by it as they are where it holds."""
    rng = np.random.default_rng(8)
    count = 20
    fit = smooth(
        rng.standard_normal((1, MEMBERS)),
        lambda _: None,
        lambda _, normal: (np.repeat(normal, count + 1, 0), np.repeat(normal, count + 1, 0)),
        np.append(np.zeros(count), -3.5),
        np.full(count + 1, 0.05**2),
        rng,
        groups=np.zeros(count + 1, int),
        structural=1,
        exact={count: lambda value: log_ndtr((-3 - value) / 0.05)},
    )
    assert abs(fit.normal.mean()) < 0.02


def test_what_a_group_misses_in_common_is_its_median():
    """Of one group miss 1, 2 and 9, of the other -4: a common way of 2 and of -4, squared."""
    found = common_miss(np.array([1.0, -4.0, 9.0, 2.0]), np.array([0, 1, 0, 0]))
    np.testing.assert_array_equal(found, [[4, 0, 4, 4], [0, 16, 0, 0], [4, 0, 4, 4], [4, 0, 4, 4]])


@pytest.mark.parametrize(("misses", "common"), [((-7, 0.5), 0), ((-7, -2), -2), ((3, 2), 2), ((-9, 1, 2, 8), 1)])
def test_two_figures_miss_in_common_what_the_nearer_one_misses(misses, common):
    found = common_miss(np.array(misses, float), np.zeros(len(misses), int))
    np.testing.assert_array_equal(found, np.full(found.shape, common**2))


def test_leave_one_out_equals_regression_on_the_others():
    rng = np.random.default_rng(3)
    root = rng.standard_normal((5, 5))
    covariance, miss = root @ root.T + np.eye(5), rng.standard_normal(5)
    residual, variance = against_the_others(covariance, miss)
    rest = [0, 1, 3, 4]
    weights = np.linalg.solve(covariance[np.ix_(rest, rest)], covariance[rest, 2])
    assert residual[2] == pytest.approx(miss[2] - weights @ miss[rest])
    assert variance[2] == pytest.approx(covariance[2, 2] - weights @ covariance[rest, 2])


def test_a_figure_that_the_others_do_not_support_gets_a_larger_error():
    spread = np.ones((8, 8)) + 0.0025 * np.eye(8)
    miss = np.full(8, 0.3)
    miss[5] += np.log(10)
    variance = np.full(8, 0.01)
    inflated = robust_variance(one_block(spread), miss, variance)
    residual, expected = against_the_others(spread + np.diag(inflated), miss)
    assert abs(residual[5]) / np.sqrt(expected[5]) == pytest.approx(OUTLIER_Z, rel=1e-6)
    np.testing.assert_array_equal(np.delete(inflated, 5), np.delete(variance, 5))


@pytest.mark.parametrize("sign", [1, -1])
def test_of_two_figures_that_contradict_each_other_neither_is_chosen(sign):
    variance = np.full(2, 0.01)
    miss = sign * np.array([1.0, -1.0])
    inflated = robust_variance(one_block(np.ones((2, 2))), miss, variance)
    # the residual of each is 2 (all but) and its square is shared out: sd 1.41 each, as far as they lie apart
    assert inflated == pytest.approx(np.full(2, 2.0), rel=0.1)


def test_figures_that_agree_keep_their_errors():
    variance = np.full(4, 0.02)
    miss = 0.5 + np.array([0.1, -0.1, 0.05, -0.05])
    np.testing.assert_array_equal(robust_variance(one_block(np.ones((4, 4))), miss, variance), variance)


def test_a_common_misfit_raises_all_errors():
    variance = np.full(6, 0.01)
    miss = 0.3 * np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])  # three standard deviations each, no single outlier
    inflated = robust_variance(one_block(np.zeros((6, 6))), miss, variance)
    assert inflated == pytest.approx(np.full(6, 0.09))


def test_progress_counts_every_run():
    operator, variance, observed = linear_case()
    seen = []
    rng = np.random.default_rng(0)

    def forward(_, normal):
        return operator @ normal, operator @ normal

    def report(done, total):
        seen.append((done, total))

    prior = rng.standard_normal((4, 64))
    smooth(
        prior,
        lambda _: None,
        forward,
        observed,
        variance,
        rng,
        groups=np.zeros(len(observed), int),
        structural=4,
        progress=report,
    )
    assert seen == [(done, STEPS + 1) for done in range(1, STEPS + 2)]


def test_the_answer_does_not_depend_on_the_arbitrary_signs_and_basis_of_eigenvectors(monkeypatch):
    """Another BLAS kernel gives other signs, and another basis for equal eigenvalues."""
    operator, variance, observed = linear_case(3)
    variance[:] = 0.5

    def fitted():
        rng = np.random.default_rng(5)
        prior = rng.standard_normal((operator.shape[1], 64))
        return smooth(
            prior,
            lambda _: None,
            lambda _, normal: (operator @ normal, operator @ normal),
            observed,
            variance,
            rng,
            groups=np.zeros(len(observed), int),
            structural=operator.shape[1],
        ).normal

    usual = fitted()
    eigh = np.linalg.eigh

    def another_kernel(matrix):
        values, vectors = eigh(matrix)
        return values[::-1], -vectors[:, ::-1]

    monkeypatch.setattr(np.linalg, "eigh", another_kernel)
    np.testing.assert_allclose(fitted(), usual, rtol=0, atol=1e-9)


def test_members_that_an_end_keeps_do_not_spoil_the_count_beside_it():
    """An attack: 40,000 out, none a day later; members with twice as many out are none that fit the count."""
    city = ei.Place("City", power_customers=80_000)
    figure = {"place": "City", "quantity": "power_customers_out", "kind": "stock", "source": "s"}
    figures = [
        {"id": "a", "time": "2026-01-24T06:00Z", "value": 40_000, "qualifier": "about", **figure},
        {"id": "b", "time": "2026-01-25T06:00Z", "qualifier": "none", **figure},
    ]
    attack = ei.Event("2026-01-24T00:00Z", kind="attack", duration_h=4)
    scenario = ei.Scenario("2026-01-23T22:00Z", 96, city, events=[attack], figures=figures)
    count = ei.estimate(scenario, members=1024, rng=1).figures_check().iloc[0]
    # importance sampling of 60,000 draws of the prior: 35,500 to 45,900
    assert 33_000 < count["predicted_low"] < 40_000 < count["predicted_high"] < 50_000
