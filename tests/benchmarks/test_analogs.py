"""Stretched curves of others: a hand-worked case, and never a utility's own curve."""

from types import SimpleNamespace

import analogs
import numpy as np
import pytest

HOURS = np.array([0.0, 10.0, 20.0, 400.0])
HALF = np.array([1.0, 0.5, 0.0, 0.0])


def of(event, curves, at):
    return analogs.forecast(curves, SimpleNamespace(name=event), np.array([0.0, 10.0]), np.array([800.0, 400.0]), at)


def test_a_curve_that_meets_the_figures_is_followed():
    curves = [analogs.Recorded("bch", HOURS, HALF), analogs.Recorded("fpl", HOURS, np.ones(4))]
    draws = of("storm_pge", curves, np.array([15.0]))
    assert np.median(draws) == pytest.approx(200, abs=60)
    assert draws.max() <= 1.2 * 400


def test_curves_of_the_same_utility_are_left_out():
    own, other = analogs.Recorded("ssen", HOURS, HALF), analogs.Recorded("bch", HOURS, np.ones(4))
    assert of("storm_sepd", [own], np.array([15.0])) is None
    assert of("storm_sepd", [own, other], np.array([15.0])).min() == pytest.approx(400)
    assert np.median(of("kyiv-2026-01-09", [own, other], np.array([15.0]))) < 300
