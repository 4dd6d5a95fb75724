import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from energy_impact.validation.scoring import cover, crps, pit


def test_crps_of_a_point_is_the_absolute_error():
    assert crps([[3.0, 3.0]], [1.0, 7.0]).tolist() == [2.0, 4.0]


def test_crps_is_the_integral_of_the_squared_difference_of_distributions():
    draws = np.array([0.0, 1.0, 4.0])

    def squared(x):
        return (np.mean(draws <= x) - (x >= 2.5)) ** 2

    expected = quad(squared, -1, 5, points=[0, 1, 2.5, 4], limit=200)[0]
    assert crps(draws[:, None], [2.5])[0] == pytest.approx(expected, abs=1e-6)


def test_crps_of_a_normal_sample_meets_its_closed_form():
    # the closed form for a normal (Gneiting and Raftery 2007), standard normal and a truth of 0.5
    draws = norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None]
    expected = 0.5 * (2 * norm.cdf(0.5) - 1) + 2 * norm.pdf(0.5) - 1 / np.sqrt(np.pi)
    assert crps(draws, [0.5])[0] == pytest.approx(expected, abs=1e-3)


def test_pit_counts_ties_half():
    assert pit([[1.0], [2.0], [2.0], [3.0]], [2.0])[0] == pytest.approx(0.5)


def test_cover_at_the_ends_of_the_interval():
    draws = np.linspace(0, 100, 101)[:, None]
    found = [bool(cover(draws, [truth], level=0.9)[0]) for truth in (4.9, 5.0, 95.0, 95.1)]
    assert found == [False, True, True, False]


@pytest.mark.parametrize(
    ("draws", "truth", "message"),
    [([1.0, 2.0], [1.0], "shape"), ([[1.0, 2.0]], [1.0], "shape"), ([[np.nan]], [1.0], "finite")],
)
def test_shapes_and_numbers_are_checked(draws, truth, message):
    with pytest.raises(ValueError, match=message):
        crps(draws, truth)
