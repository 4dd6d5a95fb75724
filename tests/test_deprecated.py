"""What users called before works for one release, and says what it is called now."""

import inspect

import pandas as pd
import pytest

import energy_impact as ei


@pytest.fixture(scope="module")
def estimate():
    city = ei.Place("City", timezone="Europe/Kyiv", heat_buildings=100)
    return ei.simulate(ei.Scenario("2026-01-24T00:00Z", 12, city), members=64, rng=1)


@pytest.mark.parametrize("method", ["summary", "figures_check", "cold_nights"])
def test_a_level_by_position_still_counts(estimate, method):
    with pytest.warns(DeprecationWarning, match=f"{method}: give level by name") as caught:
        old = getattr(estimate, method)(0.5)
    assert caught[0].filename == __file__
    pd.testing.assert_frame_equal(old, getattr(estimate, method)(level=0.5))


def test_a_level_is_keyword_only_everywhere(estimate):
    takers = [getattr(estimate, name) for name in dir(estimate) if not name.startswith("_")] + [ei.hours_of_safety]
    kinds = [
        inspect.signature(taker).parameters["level"].kind
        for taker in takers
        if callable(taker) and "level" in inspect.signature(taker).parameters
    ]
    assert kinds == [inspect.Parameter.KEYWORD_ONLY] * 12


def test_too_many_arguments_are_still_refused(estimate):
    with pytest.raises(TypeError):
        estimate.summary(0.5, 0.9)
    with pytest.raises(TypeError):
        estimate.summary(0.5, level=0.9)


def test_quantiles_were_called_levels(estimate):
    curve = estimate[estimate.available[0]]
    with pytest.warns(DeprecationWarning, match="quantile: levels is now called quantiles"):
        old = curve.quantile(levels=[0.1])
    pd.testing.assert_frame_equal(old, curve.quantile(quantiles=[0.1]))
    with pytest.warns(DeprecationWarning, match="bands: levels is now called quantiles"):
        old = ei.bands(estimate.scenario, members=64, rng=1, levels=[0.1])
    pd.testing.assert_frame_equal(old, ei.bands(estimate.scenario, members=64, rng=1, quantiles=[0.1]))


def test_the_table_of_priors_was_called_parameters():
    with pytest.warns(DeprecationWarning, match=r"parameters\(\) is now called priors\(\)"):
        old = ei.parameters()
    pd.testing.assert_frame_equal(old, ei.priors())
