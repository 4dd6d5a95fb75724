"""Large repairs in a fit: whose hours are chosen together, and which are drawn anew after the last figure."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest, norm

from energy_impact import Event, Place, Scenario, WhatIf, estimate, load_estimate, simulate
from energy_impact.inference.smoother import Smoothed
from energy_impact.model.blocks import draw_normal
from energy_impact.prepare import prepare
from energy_impact.repairs import effective_members, jumps_of, redraw_open
from energy_impact.report_runs import needs_of, predict

START = pd.Timestamp("2026-02-01T00:00Z")
LAST_H = 30
"""Hours of the last figure after the start."""
OVER_H = 3
"""Hours of the end of the first event."""


def figure(hour, value, quantity="power_customers_out", place="North"):
    return {
        "id": f"{quantity} {place} {hour}",
        "time": START + pd.Timedelta(hours=hour),
        "place": place,
        "quantity": quantity,
        "value": value,
        "qualifier": "about",
        "kind": "stock",
        "source": "utility",
    }


def two_cities(*, kind="attack", quantity="power_customers_out", last=44_000, priors=None, changes=(), **event):
    """Two cities that an event hits, one of which reports a plateau."""
    cities = [
        Place(name, power_customers=100_000, heat_buildings=500, residents=200_000) for name in ("North", "South")
    ]
    hit = Event(START + pd.Timedelta(hours=2), kind=kind, duration_h=1, **event)
    frost = pd.Series(-10.0, index=pd.date_range(START - pd.Timedelta(hours=3), periods=260, freq="h"))
    figures = [figure(4, 50_000), figure(12, 46_000), figure(LAST_H, last, quantity)]
    return Scenario(
        START, 240, cities, events=[hit], weather=frost, figures=figures, priors=priors, changes=list(changes)
    )


def redrawn(scenario, members=512):
    """Prepared scenario, and numbers of prior members before and after a redraw."""
    prepared = prepare(scenario)
    before = draw_normal(prepared.layout, members, np.random.default_rng(0)).astype(float)
    after = before.copy()
    redraw_open(needs_of(prepared), after, np.random.default_rng(1))
    return prepared, before, after


def changed(prepared, before, after):
    return set(np.array(prepared.layout.names())[(before != after).any(1)])


def repair_h(prepared, normal, event=0):
    """Hours of the first city's repairs of power, (jobs, members)."""
    values = prepared.layout.values(normal)
    return values["job_h_power"][event, 0] * values["job_factor_power"][event, 0]


def test_figures_of_overlapping_places_choose_together_the_jobs_of_their_system_there():
    towns = [Place(name, power_customers=1000, heat_buildings=10) for name in ("A", "B", "C")]
    region = Place("Region", parts=[Place("AB", parts=towns[:2]), towns[2]])
    rows = [("AB", "power_customers_out"), ("A", "power_customers_out"), ("C", "power_customers_out")]
    figures = [
        {
            "id": f"{place} {quantity}",
            "time": "2026-01-24T09:00Z",
            "place": place,
            "quantity": quantity,
            "value": 5,
            "qualifier": "about",
            "kind": "stock",
            "source": "x",
        }
        for place, quantity in [*rows, ("A", "heat_buildings_out")]
    ]
    events = [Event("2026-01-24T01:00Z", kind="attack"), Event("2026-01-24T03:00Z", kind="storm")]
    scenario = Scenario("2026-01-24T00:00Z", 24, region, events=events, figures=figures)
    prepared = prepare(scenario)
    names = np.array(prepared.layout.names())
    places = {"power": [{0, 1}, {2}], "heat": [{0}]}
    expected = {
        frozenset(
            name
            for event in (0, 1)
            for place in group
            for name in (
                f"job_h_{system}[{event}, {place}]",
                *(f"job_factor_{system}[{event}, {place}, {job}]" for job in range(5)),
            )
        )
        for system, groups in places.items()
        for group in groups
    }
    assert {frozenset(names[jump.rows]) for jump in jumps_of(prepared)} == expected
    for jump in jumps_of(prepared):
        assert set(names[jump.kept]) == {name for name in names[jump.rows] if name.startswith("job_factor_")}
    assert sorted(figure for jump in jumps_of(prepared) for figure in jump.figures) == [0, 1, 2, 3]
    assert jumps_of(prepare(scenario.replace(figures=()))) == ()
    assert jumps_of(prepare(scenario.replace(events=()))) == ()


FACTORS = {f"job_factor_power[0, 0, {job}]" for job in range(5)}


def test_members_whose_repairs_were_chosen_several_times_count_once():
    """Of 8 members one was taken five times for North's power repairs, the others once: 64 / (25 + 3)."""
    prepared = prepare(two_cities())
    numbers = draw_normal(prepared.layout, 8, np.random.default_rng(0)).astype(float)
    predicted = np.zeros((0, 8))
    assert effective_members(prepared, Smoothed(numbers, predicted)) == 8
    (jump,) = jumps_of(prepared)
    numbers[jump.kept] = numbers[jump.kept][:, [0, 0, 0, 0, 0, 1, 2, 3]]
    assert effective_members(prepared, Smoothed(numbers, predicted)) == 64 / 28


def test_members_that_were_taken_whole_more_than_once_count_once_without_any_repairs():
    """Two of 4 members by their ends alone, since nothing hit the place: 16 / (9 + 1)."""
    least = figure(12, 300) | {"qualifier": "at_least"}
    prepared = prepare(Scenario(START, 48, Place("North", power_customers=1000), figures=[least]))
    taken = np.array([0, 0, 0, 2])
    numbers = draw_normal(prepared.layout, 4, np.random.default_rng(0))[:, taken]
    assert effective_members(prepared, Smoothed(numbers, np.zeros((1, 4)), taken)) == 1.6


def test_members_that_are_run_again_count_as_much_as_those_of_the_fit(tmp_path):
    fitted = estimate(two_cities(last=9_000), members=64, rng=0)
    assert fitted.effective_members < 64
    later = fitted.what_if(event=Event(fitted.scenario.now + pd.Timedelta(hours=5), kind="attack", duration_h=3))
    loaded = load_estimate(later.save(tmp_path / "later.npz"))
    again = simulate(fitted.scenario, given=fitted)
    assert {one.effective_members for one in (later, loaded, again)} == {fitted.effective_members}
    assert simulate(fitted.scenario, members=8, rng=0).effective_members is None


def test_hours_are_drawn_anew_where_somebody_reported_on_the_system():
    assert changed(*redrawn(two_cities())) == {"job_h_power[0, 0]", *FACTORS}


LATER = Event(START + pd.Timedelta(hours=9), kind="storm", duration_h=6)


@pytest.mark.parametrize(
    "scenario",
    [
        two_cities(),
        two_cities(kind="storm", priors={"job_h_power": {"median": 20, "spread": 1, "loading": 0.8}}),
        two_cities(priors={"job_factor_power": {"median": 3, "spread": 0.6, "loading": -0.7}}),
        two_cities(quantity="heat_buildings_out", last=300),
        two_cities(quantity="residents_departed", last=2000),
        two_cities(quantity="people_below_16c", last=60_000),
        two_cities(spares_late_h=60),
        two_cities(changes=[WhatIf("more crews", since=START + pd.Timedelta(hours=8), crews=4, places=["North"])]),
        two_cities().replace(events=[*two_cities().events, LATER]),
    ],
    ids=["power", "loading", "factor", "heat", "departed", "cold", "spares", "crews", "two events"],
)
def test_predictions_stay_and_repairs_that_are_open_do_not(scenario):
    prepared, before, after = redrawn(scenario)
    first, second = (predict(prepared, normal)[1] for normal in (before, after))
    np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-4)
    assert changed(prepared, before, after) >= FACTORS


def test_with_late_spares_a_repair_of_a_day_is_still_open_at_a_figure_a_day_later():
    prepared, *normal = redrawn(two_cities(spares_late_h=60), members=2000)
    before, after = (repair_h(prepared, one) for one in normal)
    assert (before == after)[before < 23.9].mean() > 0.7
    assert not (before == after)[before > 24.1].any()
    assert (after[before > 24.1] > 23.9).all()


def test_repairs_of_an_event_after_the_last_figure_stay_as_they_are():
    later = Event(START + pd.Timedelta(hours=74), kind="attack", duration_h=1)
    scenario = two_cities()
    assert not any("[1" in name for name in changed(*redrawn(scenario.replace(events=[*scenario.events, later]))))


def test_repairs_without_a_spread_of_their_own_stay_as_they_are():
    scenario = two_cities(priors={"job_factor_power": {"median": 1, "spread": 0}})
    assert changed(*redrawn(scenario)) == set()


def test_a_repair_that_outlasts_a_plateau_has_the_tail_of_its_prior():
    """Of each open repair, the share of its prior tail below it is uniform."""
    scenario = two_cities()
    prepared = prepare(scenario)
    values = prepared.layout.values(estimate(scenario, members=1024, rng=1).parameters.T)
    spread = prepared.layout.by_name["job_factor_power"].spread[0]
    whole, shares = np.log(values["job_h_power"][0, 0]), []
    for factor in np.log(values["job_factor_power"][0, 0]):
        beyond = whole + factor > np.log(LAST_H - OVER_H) + 1e-3
        low = norm.cdf((np.log(LAST_H - OVER_H) - whole) / spread)[beyond]
        shares.append((norm.cdf(factor / spread)[beyond] - low) / (1 - low))
    shares = np.concatenate(shares)
    assert len(shares) > 500
    assert kstest(shares, "uniform").pvalue > 1e-3
