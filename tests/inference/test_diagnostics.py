import numpy as np
import pytest
from scipy.stats import norm

from energy_impact.inference.diagnostics import CONTAMINATION, outlier_probability


def test_a_figure_ten_times_too_large_is_named_and_a_good_one_is_not():
    rng = np.random.default_rng(0)
    predicted = 7 + 0.05 * rng.standard_normal((2, 1000))
    probability = outlier_probability(predicted, np.array([7.05, 7 + np.log(10)]), np.array([0.01, 0.01]))
    assert probability[0] < CONTAMINATION
    assert probability[1] > 0.99


def test_two_figures_that_the_ensemble_spreads_over_are_both_doubted():
    predicted = np.tile(np.linspace(6, 8, 1001), (2, 1))
    probability = outlier_probability(predicted, np.array([6.5, 7.5]), np.array([0.0025, 0.0025]))
    assert (probability > 0.5).all()


def test_a_word_that_is_an_end_is_judged_by_its_own_likelihood():
    """Far below an edge is as good as near it; above it, an error of 1.5 reaches down with a chance known by hand."""
    predicted = np.array([[-30.0, -1.0], [2.0, 2.0]])
    exact = dict.fromkeys((0, 1), lambda value: norm.logcdf(-value, scale=0.01))
    found = outlier_probability(predicted, np.array([-1.0, -1.0]), np.ones(2), exact)
    assert found[0] < CONTAMINATION
    assert found[1] > 0.99
    edge = outlier_probability(np.zeros((1, 2)), np.zeros(1), np.ones(1), {0: lambda value: norm.logcdf(-value)})
    assert edge == pytest.approx(CONTAMINATION, rel=0.02)  # both likelihoods are a half


def test_a_figure_that_meets_every_member_is_believed_by_bayes_rule():
    # densities at zero miss: sd 0.1 against sqrt(0.01 + 2.25); worked by hand
    good, bad = 0.98 / 0.1, 0.02 / np.sqrt(2.26)
    found = outlier_probability(np.full((1, 3), 4.0), np.array([4.0]), np.array([0.01]))
    assert found == pytest.approx(bad / (good + bad))


@pytest.mark.parametrize(
    ("predicted", "low", "high"),
    [
        (np.linspace(-1.0, 1.0, 201), 0.0, 0.05),  # scatter about it: most members miss it by more than three errors
        (np.repeat([-2.0, 2.0], 100), 0.99, 1.0),  # its mean meets it, and no member
        (np.repeat([0.0, 2.0], 100), 0.45, 0.55),  # half of the members meet it
        (np.repeat([0.0, 6.0], [180, 20]), 0.09, 0.11),  # one in ten is far off, and with it the mean
    ],
    ids=["scatter", "two modes", "half", "a few"],
)
def test_a_figure_is_doubted_as_far_as_members_miss_it_but_not_for_their_scatter_about_it(predicted, low, high):
    (found,) = outlier_probability(predicted[None], np.zeros(1), np.array([0.01]))
    assert low <= found <= high
