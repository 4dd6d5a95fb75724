import numpy as np
import pytest
from scipy.special import log_ndtr
from scipy.stats import truncnorm

from energy_impact.inference.sites import site, sites, together


def below(edge, error=0.02):
    return lambda value: log_ndtr((edge - value) / error)


def members(mean=0.0, spread=1.0):
    drawn = np.random.default_rng(1).standard_normal(512)
    return mean + spread * (drawn - drawn.mean()) / drawn.std(ddof=1)


@pytest.mark.parametrize(("mean", "spread"), [(0.0, 1.0), (7.0, 2.0)])
def test_a_site_times_the_members_has_the_moments_of_the_truncated_normal(mean, spread):
    edge = mean - 3 * spread
    centre, variance = site(members(mean, spread), below(edge), (edge - 1.5, 2.25), 1.0)
    precision = 1 / variance + 1 / spread**2
    truth = truncnorm(-np.inf, -3, loc=mean, scale=spread)
    assert (centre / variance + mean / spread**2) / precision == pytest.approx(truth.mean(), abs=0.02)
    assert precision**-0.5 == pytest.approx(truth.std(), rel=0.05)


def test_where_the_members_are_near_the_gaussian_of_the_word_is_kept():
    assert site(members(), below(0.0), (-1.5, 2.25), 1.0) == (-1.5, 2.25)
    assert site(np.full(8, 5.0), below(0.0), (-1.5, 2.25), 1.0) == (-1.5, 2.25)


def test_the_site_of_a_gaussian_is_that_gaussian_at_any_power():
    """The word is wrong here, so that it is not kept."""
    for power in (1.0, 0.25):
        found = site(members(), lambda value: -((value + 3) ** 2) / (2 * 0.25), (-9.0, 0.01), power)
        assert found == pytest.approx((-3, 0.25), rel=1e-3)


def test_a_doubted_figure_counts_less_and_others_stay_as_they_are():
    def gaussian(value):
        return -((value + 3) ** 2) / (2 * 0.25)

    predicted, word = np.array([members(), members()]), (np.array([5.0, -9.0]), np.array([1.0, 0.01]))
    centre, square = sites(predicted, *word, word[1] * [4, 2], {1: gaussian}, left=0.5)
    assert centre == pytest.approx([5, -3], rel=1e-3)
    assert square == pytest.approx([4, 0.5], rel=1e-3)


def test_gaussians_of_equal_parts_multiply_and_other_figures_are_as_in_the_last():
    taken = [(np.array([1.0, 0.0]), np.array([1.0, 1.0])), (np.array([2.0, 3.0]), np.array([5.0, 0.5]))]
    centre, square = together(taken, [1])
    assert centre == pytest.approx([2, 2])
    assert square == pytest.approx([5, 2 / 3])
