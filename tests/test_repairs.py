"""Large repairs in a fit: which draws are chosen together, and which hours are drawn anew."""

import numpy as np
from scipy.stats import kstest, norm

from energy_impact import Event, Place, Scenario, estimate
from energy_impact.model.blocks import draw_normal
from energy_impact.prepare import prepare
from energy_impact.repairs import jumps_of, redraw_hours
from energy_impact.report_runs import needs_of, predict

START = "2026-02-01T00:00Z"
LAST_H = 30
"""Hours of the last figure after the start."""


def figure(hour, value, quantity="power_customers_out", place="North"):
    day, hour = divmod(hour, 24)
    return {
        "id": f"{quantity} {place} {day} {hour}",
        "time": f"2026-02-{1 + day:02d}T{hour:02d}:00Z",
        "place": place,
        "quantity": quantity,
        "value": value,
        "qualifier": "about",
        "kind": "stock",
        "source": "utility",
    }


def two_cities(**event):
    """Two cities that a fault hits, one of which reports a plateau."""
    cities = [Place(name, power_customers=100_000, heat_buildings=500) for name in ("North", "South")]
    faults = [Event("2026-02-01T02:00Z", kind="attack", duration_h=1, **event)]
    figures = [figure(4, 50_000), figure(12, 46_000), figure(LAST_H, 44_000)]
    return Scenario(START, 240, cities, events=faults, figures=figures)


def redrawn_rows(scenario, members=512):
    """Names of the rows that a redraw changes, and predictions before and after it."""
    prepared = prepare(scenario)
    normal = draw_normal(prepared.layout, members, np.random.default_rng(0)).astype(float)
    before, after = normal.copy(), normal
    redraw_hours(needs_of(prepared), after, np.random.default_rng(1))
    names = np.array(prepared.layout.names())
    return set(names[(before != after).any(1)]), predict(prepared, before)[1], predict(prepared, after)[1]


def log_hours(prepared, normal):
    """Logarithms of the hours of the first city's repairs: what they share, (members,); factors, (jobs, members)."""
    values = prepared.layout.values(normal)
    return np.log(values["job_h_power"][0, 0]), np.log(values["job_factor_power"][0, 0])


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


def test_hours_are_drawn_anew_where_figures_speak_of_the_system_and_predictions_stay():
    changed, before, after = redrawn_rows(two_cities())
    factors = {f"job_factor_power[0, 0, {job}]" for job in range(5)}
    assert changed == {"job_h_power[0, 0]", *factors}
    assert (before[0] == after[0]).all()
    assert (np.quantile(np.abs(before - after), 0.75, axis=1) < 0.05).all()


def test_with_late_spares_a_repair_of_a_day_is_still_open_at_a_figure_two_days_later():
    """With 60 hours more from a day on, none ends between a day and the last figure, 27 hours after repair began."""
    scenario = two_cities(spares_late_h=60)
    prepared = prepare(scenario)
    normal = draw_normal(prepared.layout, 2000, np.random.default_rng(0)).astype(float)
    before = np.exp(sum(log_hours(prepared, normal)))
    redraw_hours(needs_of(prepared), normal, np.random.default_rng(1))
    after = np.exp(sum(log_hours(prepared, normal)))
    edges = [1, 9, 24]
    same = np.searchsorted(edges, before) == np.searchsorted(edges, after)
    assert same.mean() > 0.999
    assert (after[before > 24] > 40).mean() > 0.2


def test_repairs_of_an_event_after_the_last_figure_stay_as_they_are():
    later = two_cities()
    later = later.replace(events=[*later.events, Event("2026-02-04T02:00Z", kind="attack", duration_h=1)])
    assert not any("[1" in name for name in redrawn_rows(later)[0])


def test_a_repair_that_outlasts_a_plateau_has_the_tail_of_its_prior():
    """Of each open repair, the share of its prior tail below it is uniform."""
    scenario = two_cities()
    prepared = prepare(scenario)
    whole, factors = log_hours(prepared, estimate(scenario, members=1024, rng=1).parameters.T)
    spread = prepared.layout.by_name["job_factor_power"].spread[0]
    since = np.log(LAST_H - 3)
    shares = []
    for factor in factors:
        beyond = whole + factor > since + 1e-3
        low = norm.cdf((since - whole) / spread)[beyond]
        shares.append((norm.cdf(factor / spread)[beyond] - low) / (1 - low))
    shares = np.concatenate(shares)
    assert len(shares) > 500
    assert kstest(shares, "uniform").pvalue > 1e-3
