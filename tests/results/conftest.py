from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from energy_impact.places import Place
from energy_impact.results.estimate import Estimate
from energy_impact.results.figure_fit import FigureFit
from energy_impact.scenario import Event, Scenario

HEAT_BY_MEMBER = (100.0, 50.0, 200.0)
"""Buildings reconnected an hour, a member."""

PRIOR = {
    "name": "rate",
    "meaning": "repair rate",
    "unit": "1/h",
    "prior": "normal",
    "median": 0.5,
    "spread": 1.0,
    "loading": 0.0,
    "source": "judgement",
    "places": "",
}


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    """A city hit from hour 24 to 30 of 96; figures of every kind of wording."""
    city = Place("City", timezone="Europe/Kyiv", heat_buildings=12_000, power_customers=(1_000_000, 1_200_000))
    heat = {"place": "City", "quantity": "heat_buildings_out", "kind": "stock", "source": "mayor"}
    power = {**heat, "quantity": "power_customers_out"}
    figures = [
        {**heat, "id": "exact", "time": "2026-01-20T06:00Z", "value": 5900, "qualifier": "exact"},
        {**heat, "id": "over", "time": "2026-01-20T18:00Z", "value": 4000, "qualifier": "over"},
        {**heat, "id": "none", "time": "2026-01-20T20:00Z", "qualifier": "none"},
        {**heat, "id": "thousands", "time": "2026-01-20T22:00Z", "qualifier": "thousands"},
        {**power, "id": "share", "time": "2026-01-20T08:00Z", "value": 0.5, "qualifier": "almost", "unit": "share"},
        {**power, "id": "range", "time": "2026-01-21T00:00Z", "value": 2e5, "value_high": 3e5, "qualifier": "range"},
        {**heat, "quantity": "people_killed", "id": "dead", "time": "2026-01-20T08Z", "value": 1, "qualifier": "about"},
    ]
    event = Event("2026-01-20T00:00Z", kind="attack", name="first strike", duration_h=6)
    return Scenario(
        "2026-01-19T00:00Z", 96, city, events=[event], figures=figures, name="city", title="City, one strike"
    )


def curves(quantity: str, _place: str) -> np.ndarray:
    """Nothing out until hour 24, 6,000 at hour 30, then down by a constant number an hour."""
    hours = np.arange(97.0)
    rise = np.clip((hours - 24) / 6, 0, 1) * 6000
    draws = np.stack([np.maximum(rise - rate * np.clip(hours - 30, 0, None), 0) for rate in HEAT_BY_MEMBER])
    scale = {"heat_buildings_out": 1, "power_customers_out": 100}
    if quantity == "indoor_temperature_c":
        return (20 - draws / 500).astype(np.float32)
    if quantity == "heat_buildings_restored":
        return (rise - draws).astype(np.float32)
    return (draws * scale[quantity]).astype(np.float32)


@pytest.fixture(scope="session")
def make_estimate(scenario: Scenario) -> Callable[..., Estimate]:
    """Return a maker of estimates with three members, worked by hand."""
    used = np.array([True, True, True, True, True, True, False])
    predicted = np.tile([5800.0, 3000.0, 100.0, 5000.0, 0.4, 5e5, np.nan], (3, 1)) * [[0.95], [1.0], [1.05]]
    fit = FigureFit(
        ids=tuple(scenario.figures["id"]),
        used=used,
        reason=("",) * 6 + ("context",),
        predicted=predicted,
        log_likelihood=-predicted,
        outlier_probability=np.where(used, 0.25, np.nan),
    )

    def make(**changes: object) -> Estimate:
        parts = {
            "scenario": scenario,
            "members": 3,
            "status": "fitted",
            "fit_text": "Fitted to 6 figures.",
            "parameters": np.arange(6.0).reshape(3, 2),
            "parameter_names": ("rate", "severity"),
            "figure_fit": fit,
            "available": (
                ("heat_buildings_out", "City"),
                ("heat_buildings_restored", "City"),
                ("power_customers_out", "City"),
                ("indoor_temperature_c", "City"),
            ),
            "curves": curves,
            "reported": tuple(
                (figure.quantity, figure.place)
                for figure, use in zip(scenario.figure_records, used, strict=True)
                if use
            ),
            "seed": 1,
            "fit_warnings": ("look twice",),
            "priors": pd.DataFrame([PRIOR]),
        }
        return Estimate(**{**parts, **changes})

    return make


@pytest.fixture(scope="session")
def estimate(make_estimate: Callable[..., Estimate]) -> Estimate:
    return make_estimate()
