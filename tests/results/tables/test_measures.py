"""Quantiles of curves: the same from memory, and each curve drawn once."""

import dataclasses

import numpy as np
import pytest

import energy_impact as ei
from energy_impact.results import metrics
from energy_impact.results.plots.style import fan_levels
from energy_impact.results.tables.measures import quantiles

KEY = ("heat_buildings_out", "City")


@pytest.mark.parametrize("levels", [fan_levels((0.5, 0.9)), metrics.central_levels(0.9), (0.3, 0.5)])
def test_quantiles_are_those_of_the_curve(estimate: ei.Estimate, levels: tuple[float, ...]) -> None:
    """Levels of the tables are kept; others are worked out. Rounding of levels (0.04999...) means nothing."""
    np.testing.assert_allclose(
        quantiles(estimate, KEY, levels), metrics.quantiles(estimate[KEY].draws, levels), rtol=1e-12, atol=1e-12
    )


def test_a_plot_after_the_table_of_curves_needs_no_curve(estimate: ei.Estimate) -> None:
    asked: list[tuple[str, str]] = []

    def curves(quantity: str, place: str) -> np.ndarray:
        asked.append((quantity, place))
        return estimate.curves(quantity, place)

    counted = dataclasses.replace(estimate, curves=curves)
    counted.to_frame()
    before = len(asked)
    counted.plot()
    assert before == len(estimate.available)
    assert len(asked) == before


def test_an_unknown_curve_is_named(estimate: ei.Estimate) -> None:
    with pytest.raises(KeyError, match="index a curve as"):
        quantiles(estimate, [KEY], (0.5,))
    with pytest.raises(KeyError, match="did you mean 'City'"):
        quantiles(estimate, (KEY[0], "Citi"), (0.5,))
