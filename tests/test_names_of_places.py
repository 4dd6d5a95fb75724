"""A place is found by its name, whichever form of a letter the name is typed in."""

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei

KYIV, TYPED = "Ки\u0457в", "Ки\u0456\u0308в"  # ї, and і with two dots
SIZES = {"power_customers": 9000, "heat_buildings": 90, "residents": 9000}


@pytest.fixture(scope="module")
def run():
    hours = pd.date_range("2026-01-23T12:00Z", periods=48, freq="h")
    return ei.simulate(
        ei.Scenario(
            "2026-01-24T00:00Z",
            24,
            ei.Place(KYIV, timezone="Europe/Kyiv", **SIZES),
            events=[ei.Event("2026-01-24T01:00Z", kind="storm", places=[TYPED])],
            weather=pd.DataFrame({TYPED: np.full(48, -5.0)}, index=hours),
        ),
        members=32,
        rng=1,
    )


def other(run):
    return ei.compare({"as it is": run, "colder": run.what_if(colder=3, since="2026-01-24T06:00Z")})


@pytest.mark.parametrize(
    "answer",
    [
        lambda run, name: run["power_customers_out", name].draws.sum(),
        lambda run, name: run.scenario.place(name).power_customers,
        lambda run, name: len(run.summary(places=[name])),
        lambda run, name: run.stocks("residents", name).sum(),
        lambda run, name: len(run.plot_people(name).axes),
        lambda run, name: len(run.plot_cold(name).axes),
        lambda run, name: len(run.plot_slide(name).axes),
        lambda run, name: len(other(run).plot("people_below_16c", name).axes),
        lambda run, name: len(ei.bands(run.scenario, panels=[("power_customers_out", name)], members=64, rng=1)),
        lambda run, name: run.what_if(warming_points=5, places=[name])["people_below_16c", KYIV].draws.sum(),
    ],
    ids=["curve", "place", "summary", "stocks", "people", "cold", "slide", "comparison", "bands", "what_if"],
)
def test_a_typed_name_is_the_same_place(answer, run):
    assert answer(run, TYPED) == answer(run, KYIV)


def test_the_axes_and_the_curve_have_the_name_of_the_place(run):
    assert run["power_customers_out", TYPED].place == KYIV
    assert KYIV in "".join(axes.get_title(loc="left") + axes.get_title() for axes in run.plot_people(TYPED).axes)
