import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from energy_impact.figures.figure import Figure
from energy_impact.figures.readings import REPORT_SD
from energy_impact.figures.rounding import rounding_units, rounding_weights
from energy_impact.figures.wording import Claim, allowed_values, log_likelihood, match_gaussian


@pytest.mark.parametrize("value", [37.0, 1940.0, 5200.0])
def test_exact_and_rounded_numbers_sum_to_one_over_what_could_be_reported(value):
    reported = np.arange(1, int(3 * value))
    exact = sum(np.exp(log_likelihood(np.log(value), Claim("range", float(r), float(r)), 0.1)) for r in reported)
    assert exact == pytest.approx(1.0, abs=1e-3)
    for word in ("about", "over", "almost"):
        rounded = sum(np.exp(log_likelihood(np.log(value), Claim(word, float(r)), 0.1)) for r in reported)
        assert rounded == pytest.approx(1.0, abs=0.01), word


@pytest.mark.parametrize("qualifier", ["at_least", "up_to", "under"])
def test_bounds_integrate_to_one_over_the_reported_bound(qualifier):
    value = np.log(1000.0)

    def density(log_reported):
        return float(np.exp(log_likelihood(value, Claim(qualifier, float(np.exp(log_reported))), 0.1)))

    assert quad(density, value - 4, value + 4, points=[value])[0] == pytest.approx(1.0, abs=1e-6)


def test_the_words_for_orders_cover_their_decades_once():
    words = ("dozens", "hundreds", "thousands", "tens_of_thousands", "hundreds_of_thousands", "millions")
    at = {word: np.exp(log_likelihood(np.log(500.0), Claim(word))) for word in words}
    assert at["hundreds"] == pytest.approx(1.0, abs=1e-6)
    assert sum(at.values()) == pytest.approx(1.0, abs=1e-6)


def test_one_says_over_a_hundred_rather_than_hundreds_for_120():
    at_120, at_300 = np.exp(log_likelihood(np.log([120.0, 300.0]), Claim("hundreds")))
    assert at_120 < 0.01
    assert at_300 > 0.9


def test_6000_is_vaguer_than_1940_relative_to_its_size():
    rounding = [np.sqrt(match_gaussian(Claim("about", value))[1] ** 2 - REPORT_SD**2) for value in (6000.0, 1940.0)]
    assert rounding[0] > 10 * rounding[1]
    assert match_gaussian(Claim("about", 1940.0))[1] == pytest.approx(0.02, abs=0.003)


def test_a_bare_round_number_is_read_as_rounded_but_a_crooked_one_is_not():
    assert match_gaussian(Claim("exact", 6000.0)) == match_gaussian(Claim("about", 6000.0))
    assert match_gaussian(Claim("exact", 287.0))[1] == pytest.approx(0.02, abs=1e-3)


def test_at_least_is_a_soft_bound_with_a_ten_percent_surplus():
    low, at, high = log_likelihood(np.log([800.0, 1100.0, 2000.0]), Claim("at_least", 1000.0), 0.05)
    assert at > high > low
    # far above the bound the exponential surplus rules: d log-density / d ln v = -1 / 0.10
    steep = np.diff(log_likelihood(np.log([3000.0, 3000.0 * np.e**0.1]), Claim("at_least", 1000.0)))
    assert steep == pytest.approx(-1.0, abs=1e-6)


def test_over_rounds_down_and_almost_rounds_up():
    for value in (1000.0, 6000.0, 1_200_000.0, 34_000.0):
        over, almost = match_gaussian(Claim("over", value)), match_gaussian(Claim("almost", value))
        assert np.log(value) < over[0] < np.log(value * 1.05)
        assert np.log(value * 0.95) < almost[0] < np.log(value)
    # "over 1,940" hides less than "over 6,000"
    assert match_gaussian(Claim("over", 1940.0))[0] - np.log(1940) < 0.2 * (
        match_gaussian(Claim("over", 6000.0))[0] - np.log(6000)
    )


@pytest.mark.parametrize("word", ["over", "almost", "about"])
def test_rounded_match_gaussian_match_a_simulation_of_the_rounding(word):
    """Draw a unit by its weight and a value within it, as the definition says; no closed form used."""
    rng = np.random.default_rng(0)
    reported = 6000.0
    units = np.array([1, 5, 10, 50, 100, 500, 1000, 5000, 10000], float)
    units = units[reported % units == 0]
    weight = np.exp(-0.5 * (np.log(units / (0.04 * reported)) / 1.1) ** 2)
    drawn = rng.choice(units, 400_000, p=weight / weight.sum())
    low, high = {"over": (0, 1), "almost": (-1, 0), "about": (-0.5, 0.5)}[word]
    logs = np.log(reported + drawn * rng.uniform(low, high, drawn.size)) + rng.normal(0, REPORT_SD, drawn.size)
    mean, sd = match_gaussian(Claim(word, reported))
    assert mean == pytest.approx(logs.mean(), abs=0.003)
    assert sd == pytest.approx(logs.std(), rel=0.08)


@given(st.floats(10, 1e6), st.floats(0.7, 1.4), st.sampled_from([("at_least", "up_to"), ("at_least", "under")]))
def test_upper_and_lower_bounds_mirror_each_other_in_sign(value, ratio, words):
    lower, upper = (log_likelihood(np.log(value * ratio), Claim(word, value)) for word in words)
    assert np.isfinite([lower, upper]).all()
    if ratio > 1.05:
        assert lower > upper
    if ratio < 0.95:
        assert upper > lower


def test_a_range_is_flat_inside_and_falls_off_outside():
    claim = Claim("range", 100.0, 200.0)
    inside = log_likelihood(np.log([130.0, 160.0]), claim)
    assert inside == pytest.approx([0, 0], abs=1e-6)
    assert log_likelihood(np.log(300.0), claim) < -50


def test_all_and_none_speak_of_the_stock():
    everything, nothing = Claim("all", stock=6000.0), Claim("none", stock=6000.0)
    assert log_likelihood(np.log(5990.0), everything) > log_likelihood(np.log(5000.0), everything) + 10
    assert log_likelihood(np.log(16.0), nothing) == pytest.approx(0.0, abs=1e-6)  # 16 of 6,000 passed for none
    assert log_likelihood(np.log(600.0), nothing) < -50


@pytest.mark.parametrize("word", ["exact", "about", "up_to", "under", "almost"])
def test_a_count_of_zero_is_read_as_none(word):
    zero, none = Claim(word, 0.0, stock=6000.0), Claim("none", stock=6000.0)
    assert match_gaussian(zero) == match_gaussian(none)
    values = np.log([0.5, 16.0, 600.0])
    np.testing.assert_array_equal(log_likelihood(values, zero), log_likelihood(values, none))
    mean, sd = match_gaussian(Claim(word, 0.0))  # without a stock: below half a unit
    assert mean + sd == pytest.approx(np.log(0.5), abs=0.001)


def test_a_range_from_zero_begins_at_half_a_unit():
    mean, sd = match_gaussian(Claim("range", 0.0, 100.0))
    assert mean == pytest.approx(np.log(np.sqrt(0.5 * 100.5)))
    assert sd == pytest.approx(np.log(201) / np.sqrt(12), rel=1e-3)


def test_all_without_a_stock_is_refused():
    with pytest.raises(ValueError, match="needs the size of its stock"):
        Claim("all")


def test_a_share_is_rounded_in_percent():
    units = rounding_units(0.8, 0.01)
    assert {0.01, 0.05, 0.1, 0.5} <= {round(float(unit), 10) for unit in units}
    assert match_gaussian(Claim("about", 0.8, unit=0.01))[1] > match_gaussian(Claim("about", 0.83, unit=0.01))[1]


def test_rounding_weights_are_normalised_and_peak_near_four_percent():
    units = rounding_units(6000.0, 1.0)
    weights = rounding_weights(6000.0, units)
    assert weights.sum() == pytest.approx(1.0)
    assert units[np.argmax(weights)] in {100.0, 500.0}  # 4 % of 6,000 is 240


def test_exact_match_gaussian_match_the_likelihood():
    claim = Claim("exact", 287.0)
    mean, sd = match_gaussian(claim)
    grid = np.linspace(mean - 0.2, mean + 0.2, 2001)
    weight = np.exp(log_likelihood(grid, claim))
    weight /= weight.sum()
    assert weight @ grid == pytest.approx(mean, abs=1e-3)
    assert np.sqrt(weight @ (grid - mean) ** 2) == pytest.approx(sd, rel=0.05)


def test_far_tails_stay_finite():
    for qualifier in ("exact", "about", "at_least", "up_to"):
        assert np.isfinite(log_likelihood(np.log([1e-3, 1e9]), Claim(qualifier, 1234.0))).all()
    far = log_likelihood(np.log(1e5), Claim("range", 10.0, 20.0))
    assert far < norm.logcdf(-300)


def reported(**given):
    fields = {"qualifier": "about", "value_high": None} | given
    time = pd.Timestamp("2026-01-24T09:00Z")
    return Figure("a", time, "City", "heat_buildings_out", kind="stock", source="mayor", **fields)


@pytest.mark.parametrize(("share", "step"), [(0.12, 0.01), (0.07, 0.01), (0.125, 1e-3), (0.001, 1e-3), (1e-6, 1e-6)])
def test_a_share_is_counted_as_finely_as_it_is_stated(share, step):
    claim = reported(value=share, unit="share").claim()
    assert (claim.value, claim.unit) == (share, step)


@pytest.mark.parametrize("qualifier", ["about", "exact", "over", "almost", "at_least", "up_to", "under"])
@pytest.mark.parametrize("number", [5e-324, 1e-300, 1e-12, 1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("unit", ["share", "count"])
def test_a_number_of_any_size_has_a_likelihood_and_a_gaussian(qualifier, number, unit):
    number = number if unit == "share" or number <= 1e-9 else 1e7 * number
    claim = reported(value=number, unit=unit, qualifier=qualifier).claim(12_000.0)
    assert np.isfinite(log_likelihood(np.log([1e-6, 0.01, 1.0]), claim)).all()
    assert np.isfinite(match_gaussian(claim)).all()
    low, high = allowed_values(claim)
    assert low <= high
