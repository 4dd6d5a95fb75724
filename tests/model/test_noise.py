import numpy as np
import pytest

from energy_impact.model.noise import autoregressive, remember, unit_mean_factor


@pytest.fixture
def white():
    return np.random.default_rng(1).standard_normal((4, 50_000)).astype(np.float32)


@pytest.mark.parametrize("keep", [0.0, 0.8])
def test_the_series_has_unit_variance_and_the_stated_correlation(keep, white):
    series = autoregressive(white, keep)
    # four standard errors of a variance and of a correlation of 50,000 pairs
    assert series.var(1) == pytest.approx(1.0, abs=4 * np.sqrt(2 / 50_000))
    assert np.corrcoef(series[1], series[2])[0, 1] == pytest.approx(keep, abs=4 / np.sqrt(50_000))
    assert np.corrcoef(series[0], series[3])[0, 1] == pytest.approx(keep**3, abs=4 / np.sqrt(50_000))


def test_numbers_it_is_made_of_are_left_as_they_are(white):
    before = white.copy()
    autoregressive(white, 0.5)
    remember(white[0], white[1], 0.5)
    unit_mean_factor(white[0], 0.6)
    np.testing.assert_array_equal(white, before)


def test_one_block_after_another_is_the_series(white):
    # by hand: 0.6 x 1 + 0.8 x 2
    assert remember(np.float32([1.0]), np.float32([2.0]), 0.6) == pytest.approx(2.2)
    series = autoregressive(white, 0.8)
    np.testing.assert_array_equal(series[0], white[0])
    np.testing.assert_array_equal(series[2], remember(series[1], white[2], 0.8))


def test_factors_have_mean_one_and_the_stated_spread(white):
    factor = unit_mean_factor(white, 0.6)
    # the variance of such a factor is exp(0.36) - 1
    assert factor.mean() == pytest.approx(1.0, abs=4 * np.sqrt(np.expm1(0.36) / white.size))
    assert np.log(factor).std() == pytest.approx(0.6, abs=4 * 0.6 / np.sqrt(2 * white.size))


def test_factors_are_written_where_asked(white):
    out = np.empty_like(white)
    assert unit_mean_factor(white, 0.6, out=out) is out
    np.testing.assert_array_equal(out, unit_mean_factor(white, 0.6))
