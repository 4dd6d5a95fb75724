from pathlib import Path

import numpy as np
import pytest
from scipy.stats import qmc

from energy_impact.model import sobol
from energy_impact.model.sobol import Sobol


@pytest.mark.parametrize("dimensions", [1, 2, 130, 3000])
@pytest.mark.parametrize("first", [0, 1024, 5 * 1024])
def test_points_are_those_of_scipy_bit_for_bit(dimensions, first):
    theirs = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(5))
    if first:
        theirs.fast_forward(first)
    np.testing.assert_array_equal(Sobol(dimensions, 5).points(first, 1024), theirs.random(1024))


def test_there_are_as_many_dimensions_as_in_scipy():
    assert sobol.MOST_DIMENSIONS == qmc.Sobol.MAXDIM


def test_without_the_file_of_scipy_the_points_are_the_same(monkeypatch):
    usual = Sobol(40, 3).points(0, 1024)
    monkeypatch.setattr(sobol, "DIRECTIONS", Path("missing.npz"))
    np.testing.assert_array_equal(Sobol(40, 3).points(0, 1024), usual)
