"""Products of the smoother: right, in place, on a grid, and of the same bits however BLAS adds."""

import numpy as np
import pytest

from energy_impact.inference import products


@pytest.fixture
def numbers():
    rng = np.random.default_rng(1)
    return rng.standard_normal((70, 50)).astype(np.float32), rng.standard_normal((3, 50)), rng.standard_normal((70, 3))


def test_products_are_those_of_float64(numbers):
    rows, few, weights = numbers
    np.testing.assert_allclose(products.onto(rows, few), rows.astype(float) @ few.T, rtol=1e-12, atol=1e-12)
    found = products.combined(weights.T, rows)
    np.testing.assert_allclose(found, weights.T @ rows.astype(float), rtol=1e-12, atol=1e-12)


def test_rows_are_moved_in_place_by_whole_steps_of_the_grid(numbers):
    rows, few, weights = numbers
    moved = np.zeros_like(rows)
    products.move(moved, weights, few)
    steps = moved.astype(float) * products.STEPS_OF_ONE
    np.testing.assert_array_equal(steps, np.rint(steps))
    np.testing.assert_allclose(moved, weights @ few, atol=0.51 / products.STEPS_OF_ONE)


def test_a_move_has_the_same_bits_where_sums_differ_by_a_rounding(numbers):
    _, few, weights = numbers
    one, other = np.zeros((70, 50), np.float32), np.zeros((70, 50), np.float32)
    products.move(one, weights, few)
    products.move(other, weights * (1 + 2e-16), few * (1 - 2e-16))
    np.testing.assert_array_equal(one, other)
