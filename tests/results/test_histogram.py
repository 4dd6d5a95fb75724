from __future__ import annotations

import numpy as np
import pytest

from energy_impact.results.histogram import Bins

LEVELS = (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)


def counts_of(bins, values):
    counts = bins.new(len(values))
    bins.add(counts, values)
    return counts


@pytest.fixture
def values():
    """Rows of values from 1e-9 to 1: spread over decades, near the top, and mostly 0."""
    rng = np.random.default_rng(4)
    rows = [
        rng.uniform(size=3000),
        10 ** rng.uniform(-9, 0, 3000),
        1 - 10 ** rng.uniform(-6, 0, 3000),
        np.maximum(rng.uniform(-5, 1, 3000), 0),
    ]
    return np.array(rows * 6, np.float32)


def test_quantiles_are_those_of_the_values_to_a_64th_of_themselves_and_of_the_unit(values):
    bins = Bins(unit=1e-4, top=1.0)
    found = bins.quantiles(counts_of(bins, values), LEVELS)
    exact = np.quantile(values.astype(float), LEVELS, axis=1)
    assert np.all(np.abs(found - exact) <= (exact + bins.unit) / 64)


def test_in_the_middle_of_many_values_quantiles_are_far_closer(values):
    bins = Bins(unit=1e-4, top=1.0)
    found = bins.quantiles(counts_of(bins, values[:1]), (0.25, 0.5, 0.75))
    assert found == pytest.approx(np.quantile(values[:1], (0.25, 0.5, 0.75), axis=1), rel=2e-3)


def test_parts_merge_to_the_counts_of_the_whole_in_any_order(values):
    bins = Bins(unit=1e-4, top=1.0)
    parts = [counts_of(bins, part) for part in np.split(values, (1, 700, 2999), axis=1)]
    np.testing.assert_array_equal(sum(parts[::-1]), counts_of(bins, values))
    assert np.all(sum(parts).sum(1) == values.shape[1])


def test_what_is_exactly_0_stays_0_and_the_least_above_it_does_not():
    bins = Bins(unit=1.0, top=10.0)
    found = bins.quantiles(counts_of(bins, np.array([[0, 0, 0, 1e-6]], np.float32)), (0.0, 0.5, 1.0))
    assert found[:2, 0].tolist() == [0, 0]
    assert 0 < found[2, 0] < 1 / 64


def test_hand_worked_quantiles_within_one_bin():
    """Above the unit 1 a bin begins at 3 - 1 = 2, 2/64 wide: two members in it are told at a quarter and three."""
    bins = Bins(unit=1.0, top=100.0)
    counts = counts_of(bins, np.array([[2.0, 2.001]], np.float32))
    assert bins.quantiles(counts, (0, 0.5, 1)).ravel() == pytest.approx([2 + 0.5 / 64, 2 + 1 / 64, 2 + 1.5 / 64])


@pytest.mark.parametrize("top", [1.0, 7.3, 1e6])
def test_no_quantile_lies_above_the_top(top):
    bins = Bins(unit=1e-4 * top, top=top)
    found = bins.quantiles(counts_of(bins, np.full((2, 5), top * (1 + 5e-5), np.float32)), (0.5, 1.0))
    assert np.all(found <= top)
    assert np.all(found >= top * (1 - 1 / 64))


@pytest.mark.parametrize("wrong", [np.nan, 1.1, np.inf, -0.01])
def test_values_that_no_bin_holds_are_refused(wrong):
    bins = Bins(unit=1e-4, top=1.0)
    with pytest.raises(ValueError, match="values: must be from 0 to 1"):
        counts_of(bins, np.array([[0.5, wrong]], np.float32))
