"""One table of bounds holds for figures, events, rates, weather, priors and places."""

import numpy as np
import pandas as pd
import pytest

from energy_impact.bounds import OF_FIELD, OF_UNIT, check, is_whole
from energy_impact.figures.table import FigureError, read_figures
from energy_impact.places import Place
from energy_impact.quantities import QUANTITIES
from energy_impact.scenario import Event, EventRate, Scenario, Truce
from energy_impact.systems import STOCKS
from energy_impact.units import NUMBER_UNITS

TIME = "2026-01-24T09:00+02:00"


def row(quantity, value, **more):
    unit = "share" if QUANTITIES[quantity].is_share else "count"
    return {
        "id": "a",
        "time": TIME,
        "place": "Kyiv",
        "quantity": quantity,
        "value": value,
        "qualifier": "exact",
        "kind": "stock",
        "unit": unit,
        "source": "mayor",
    } | more


def outside(bounds):
    """Numbers just outside the bounds, and far outside."""
    step = 1.0 if bounds.whole else 1e-6 * max(1.0, abs(bounds.high))
    found = [bounds.low - step, bounds.high + step, bounds.low - 1e30, 1e30, np.nan, np.inf]
    found += [bounds.low] * bounds.above + [bounds.high] * bounds.below + [bounds.low + 1.94] * bounds.whole
    return found


def test_every_unit_and_every_stock_has_bounds():
    assert OF_UNIT.keys() == NUMBER_UNITS.keys()
    assert all(OF_FIELD["stock"].hold(1) for _ in STOCKS)


@pytest.mark.parametrize("quantity", [name for name, row in QUANTITIES.items() if row.unit != "statement"])
def test_a_figure_of_every_quantity_is_held_to_the_bounds_of_its_unit(quantity):
    bounds = OF_UNIT[QUANTITIES[quantity].unit]
    for value in (bounds.low, bounds.high):
        assert read_figures([row(quantity, value, period_start="2026-01-20T00:00Z")]).loc[0, "value"] == value
    for value in outside(bounds):
        if not np.isnan(value):
            with pytest.raises(FigureError, match="column value: must be"):
                read_figures([row(quantity, value, period_start="2026-01-20T00:00Z")])


MAKERS = {
    "missiles": lambda x: Event(TIME, kind="attack", missiles=x),
    "drones": lambda x: Event(TIME, kind="attack", drones=x),
    "duration_h": lambda x: Event(TIME, kind="storm", duration_h=x),
    "per_week": lambda x: EventRate(kind="storm", per_week=x),
    "hour": lambda x: EventRate(kind="storm", per_week=1, hour=x),
    "reduces": lambda x: Truce(TIME, "2027-01-01T00:00Z", claimed_by="x", reduces=x, holds=1),
    "holds": lambda x: Truce(TIME, "2027-01-01T00:00Z", claimed_by="x", reduces=1, holds=x),
    "stock": lambda x: Place("A", residents=x),
    "per_building": lambda x: Place("A", residents_per_building=(x, 1e5)),
    "share_of_place": lambda x: Place("A", share_children=x),
    "horizon_h": lambda x: Scenario(TIME, x, Place("A", residents=9)),
    "step_h": lambda x: Scenario(TIME, 24, Place("A", residents=9), step_h=x),
    "spread": lambda x: Scenario(
        TIME, 24, Place("A", residents=9), priors={"night_factor": {"median": 0.5, "spread": x}}
    ),
    "loading": lambda x: Scenario(
        TIME, 24, Place("A", residents=9), priors={"night_factor": {"median": 0.5, "spread": 1, "loading": x}}
    ),
    "time_uncertainty_h": lambda x: read_figures([row("heat_buildings_out", 6, time_uncertainty_h=x)]),
    "temperature_c": lambda x: Scenario(
        TIME,
        2,
        Place("A", residents=9),
        weather=pd.Series(float(x), pd.date_range("2026-01-24T06:00Z", periods=5, freq="h")),
    ),
}


@pytest.mark.parametrize("field", MAKERS)
def test_a_field_is_held_to_its_bounds_wherever_it_comes_in(field):
    bounds = OF_FIELD[field]
    for value in [*outside(bounds), 10**400, np.timedelta64(1, "h"), pd.Timedelta(1, "h"), "x", True]:
        if field in {"temperature_c", "time_uncertainty_h"} and not isinstance(value, float):
            continue
        if field == "time_uncertainty_h" and np.isnan(value):
            continue
        with pytest.raises(ValueError, match="must"):
            MAKERS[field](value)


def test_a_share_without_its_unit_is_named_as_such():
    with pytest.raises(FigureError, match=r"got 0\.5 \(a share of the stock needs the unit 'share'\)"):
        read_figures([row("heat_buildings_out", 0.5)])


@pytest.mark.parametrize("text", ["6.000", "12.345"])
def test_a_point_between_thousands_is_not_read_as_a_decimal_point(text):
    table = pd.DataFrame([row("heat_buildings_out", text)])
    with pytest.raises(FigureError, match="column value: must"):
        read_figures(table)


@pytest.mark.parametrize(
    ("text", "number"), [("6000.0", 6000), ("1.200.000", 1_200_000), ("6e3", 6000), ("1234.000", 1234), ("0.000", 0)]
)
def test_a_whole_number_may_be_written_as_computers_do(text, number):
    assert read_figures(pd.DataFrame([row("heat_buildings_out", text)])).loc[0, "value"] == number


def test_rounding_of_the_computer_is_no_fraction():
    assert is_whole(0.1 * 3 * 1e6)
    assert not is_whole(1.94)
    assert check("level", 0.9, "level") == 0.9
