from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from energy_impact import Event, Place, Scenario, estimate, load_scenario, read_figures
from energy_impact._data import seeds_folder
from energy_impact.figures.readings import REPORT_SD
from energy_impact.figures.wording import match_gaussian
from energy_impact.model.homes import home_spread, single_homes
from energy_impact.prepare import prepare
from energy_impact.reports import NUGGET, TEMPERATURE_SCALE_K, biased, groups, observed
from energy_impact.scenario import ScenarioError

CITY = Place("City", heat_buildings=4000, power_customers=400_000)
FIGURE = {
    "id": "a",
    "time": "2026-01-24T09:00Z",
    "place": "City",
    "quantity": "heat_buildings_out",
    "value": 900,
    "qualifier": "about",
    "kind": "stock",
    "source": "article",
    "claimed_by": "mayor",
}


def prepared(*, figures=(), **numbers):
    attack = Event("2026-01-24T01:00Z", kind="attack", **numbers)
    return prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=[attack], figures=list(figures)))


def test_reports_of_one_teller_share_a_bias_and_others_have_their_own():
    told = [FIGURE, FIGURE | {"id": "b", "source": "other"}, FIGURE | {"id": "c", "claimed_by": "governor"}]
    made = prepared(figures=told)
    assert [report.source for report in made.reports] == [0, 0, 1]
    assert sum(name.startswith("source_bias[") for name in made.layout.names()) == 2


def test_reports_of_one_system_in_places_that_overlap_are_a_group():
    land = Place("Land", parts=[Place(name, power_customers=9000, heat_buildings=900) for name in ("A", "B", "C")])
    told = [
        ("A", "heat_buildings_out"),
        ("B", "power_customers_out"),
        ("A", "power_customers_out"),
        ("A", "heat_buildings_drained"),
        ("C", "heat_buildings_out"),
    ]

    def groups_of(*pairs):
        figures = [
            FIGURE | {"id": str(i), "place": place, "quantity": quantity} for i, (place, quantity) in enumerate(pairs)
        ]
        made = prepare(Scenario("2026-01-24T00:00Z", 48, land, figures=figures))
        found = groups(made.reports).tolist()
        return [found.index(group) for group in found]

    assert groups_of(*told) == [0, 1, 2, 0, 4]
    assert groups_of(*told, ("Land", "heat_buildings_out")) == [0, 1, 2, 0, 0, 0]


def test_a_period_without_a_beginning_is_that_since_the_latest_event_at_the_place():
    towns = [Place(name, heat_buildings=4000) for name in ("A", "B")]
    events = [Event(f"2026-01-24T0{hour}:00Z", kind="attack", places=[name]) for hour, name in ((1, "A"), (5, "B"))]
    told = FIGURE | {"place": "A", "quantity": "heat_buildings_restored", "kind": "flow"}
    (report,) = prepare(Scenario("2026-01-24T00:00Z", 48, towns, events=events, figures=[told])).reports
    assert (report.moment.since, report.moment.time) == (1.0, 9.0)


@pytest.mark.parametrize(
    ("changes", "of_stock"),
    [
        ({}, False),
        ({"value": 0.3, "unit": "share"}, True),
        ({"value": None, "qualifier": "all"}, True),
        ({"value": 0}, True),
        ({"value": 0.3, "quantity": "power_share_shed"}, False),
        ({"value": 0, "quantity": "heat_households_out"}, False),
    ],
)
def test_shares_all_and_none_speak_of_whatever_the_stock_is(changes, of_stock):
    (report,) = prepared(figures=[FIGURE | changes]).reports
    assert report.of_stock is of_stock


@pytest.mark.parametrize("size", [4000, (1000, 16_000)])
def test_no_bias_makes_all_more_than_the_stock_however_wide_that_is(size):
    told = FIGURE | {"value": None, "qualifier": "all"}
    (report,) = prepare(Scenario("2026-01-24T00:00Z", 48, Place("City", heat_buildings=size), figures=[told])).reports
    plain, biased_up = (report.scaled(np.float32([4000]), np.float32([bias])) for bias in (1, 1.5))
    np.testing.assert_allclose(report.unscaled(biased_up), 4000, rtol=1e-5)
    np.testing.assert_allclose(plain, biased_up, rtol=1e-5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": 0, "qualifier": "at_least"}, "a lower bound of 0 carries no information"),
        ({"quantity": "buildings_damaged"}, "context only"),
        ({"kind": "flow", "period_start": "2026-01-24T01:00Z"}, "a flow is only used for restored counts"),
        ({"quantity": "drones_launched", "value": 9}, "not about any stock"),
    ],
)
def test_a_figure_that_is_not_used_says_why(changes, reason):
    made = prepared(figures=[FIGURE | changes])
    assert (made.reports, made.unused) == ((), {0: reason})


@pytest.mark.parametrize("changes", [{"value": 0}, {"value": None, "qualifier": "none"}, {"value": 0, "unit": "share"}])
def test_nobody_out_where_nothing_is_there_leaves_the_fit_to_other_figures(changes):
    towns = [Place("A", heat_buildings=4000), Place("B", heat_buildings=0, power_customers=9000)]
    told = [FIGURE | {"place": "B"} | changes, FIGURE | {"id": "there", "place": "A", "value": 900}]
    attack = Event("2026-01-24T01:00Z", kind="attack")
    run = estimate(Scenario("2026-01-24T00:00Z", 48, towns, events=[attack], figures=told), members=32, rng=1)
    assert list(run.figures_check()["reason"]) == ["the place has none of what it counts", ""]
    assert run.status == "fitted"


@pytest.mark.parametrize(
    "changes", [{"value": None, "qualifier": "all"}, {"value": 0.2, "unit": "share"}, {"value": 7}]
)
def test_some_out_where_nothing_is_there_is_refused(changes):
    told = FIGURE | {"place": "B"} | changes
    message = f"figure '{told['id']}', column value: must be 0 or none, as 'B' has 0 heat_buildings, got"
    with pytest.raises(ScenarioError, match=message):
        Scenario("2026-01-24T00:00Z", 48, Place("B", heat_buildings=0, power_customers=9000), figures=[told])


BEFORE = FIGURE | {"id": "before", "time": "2026-01-24T02:00Z", "value": 1940, "qualifier": "about"}
NOW = FIGURE | {"id": "now", "time": "2026-01-24T19:00Z", "value": 6000}
MORE = NOW | {"id": "more", "value": 4000, "kind": "change", "period_start": BEFORE["time"]}
THOUSANDS = {"value": None, "qualifier": "thousands"}
AT_LEAST = {"qualifier": "at_least"}
BIG = Place("City", heat_buildings=12_000)


def changes(*figures):
    return prepare(Scenario("2026-01-24T00:00Z", 48, BIG, figures=list(figures)))


def test_a_change_beside_both_its_stocks_is_told_already_and_not_a_third_report():
    made = changes(BEFORE, NOW, MORE)
    assert [report.row for report in made.reports] == [0, 1]
    assert made.unused == {2: "restates before and now"}


@pytest.mark.parametrize(
    "figures",
    [
        (NOW, MORE),
        (BEFORE, MORE),
        (BEFORE | {"time": "2026-01-24T08:00Z"}, NOW, MORE),
        (BEFORE | {"value": 4500}, NOW, MORE),
        (BEFORE, NOW | {"quantity": "heat_buildings_drained"}, MORE),
        (BEFORE, NOW | {"kind": "maximum", "period_start": BEFORE["time"]}, MORE),
        (BEFORE | THOUSANDS, NOW | THOUSANDS, MORE | {"value": 4100, "qualifier": "exact"}),
        (BEFORE | THOUSANDS, NOW | THOUSANDS, MORE | {"value": 4123, "qualifier": "exact"}),
        (BEFORE | AT_LEAST | {"value": 500}, NOW | AT_LEAST | {"value": 1000}, MORE),
        (BEFORE | AT_LEAST | {"value": 500}, NOW | AT_LEAST | {"value": 1000}, MORE | AT_LEAST),
    ],
    ids=[
        "no begin",
        "no end",
        "another hour",
        "they disagree",
        "another quantity",
        "another kind",
        "vague stocks",
        "vague stocks and an exact change",
        "open stocks",
        "open stocks and an open change",
    ],
)
def test_a_change_of_which_a_stock_is_not_told_or_that_disagrees_is_a_report_of_its_own(figures):
    made = changes(*figures)
    assert len(made.reports) == len(figures)
    assert not made.unused


def test_an_exact_change_between_counts_that_are_nearly_exact_is_stated_already():
    exact = {"qualifier": "exact"}
    made = changes(BEFORE | exact, NOW | exact | {"value": 6063}, MORE | exact | {"value": 4123})
    assert made.unused == {2: "restates before and now"}


def test_the_4000_more_of_24_january_restate_the_6000_and_the_1940():
    table = read_figures(seeds_folder() / "figures.csv").set_index("id", drop=False)
    rows = table.loc[["kyiv-heat-out-2026-01-23", "kyiv-heat-out-2026-01-24", "kyiv-heat-change-2026-01-24"]]
    attacks = [dataclasses.replace(event, places=None) for event in load_scenario("kyiv-2026-01-24").events]
    city = Place("Kyiv", heat_buildings=12_000, timezone="Europe/Kyiv")
    made = prepare(Scenario("2026-01-19T00:00Z", 240, city, events=attacks, figures=rows.reset_index(drop=True)))
    assert made.unused == {2: "restates kyiv-heat-out-2026-01-23 and kyiv-heat-out-2026-01-24"}


def test_hours_without_power_say_that_supply_is_short_whatever_happened():
    told = FIGURE | {"quantity": "hours_off_per_day", "value": 12}
    storm = [Event("2026-01-24T01:00Z", kind="storm")]
    made = prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=storm, figures=[told]))
    assert made.plan.balance
    assert made.plan.short.tolist() == [True]
    assert (made.unused, len(made.reports)) == ({}, 1)


@pytest.mark.parametrize("how", [{"value": 0}, {"value": None, "qualifier": "none"}])
def test_where_nobody_is_cut_off_supply_is_not_short(how):
    told = FIGURE | {"quantity": "hours_off_per_day"} | how
    storm, attack = (Event("2026-01-24T01:00Z", kind=kind) for kind in ("storm", "attack"))
    unused = prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=[storm], figures=[told])).unused
    assert unused == {0: "supply is never short in the scenario: all who are out are out by damage"}
    made = prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=[attack], figures=[told]))
    assert (len(made.reports), made.plan.short.tolist()) == (1, [False])


@pytest.mark.parametrize(
    ("minute", "duration_h", "earliest"),
    [
        ("01:20", 0, 2),
        ("01:20", 0.3, 2),
        ("01:20", 0.5, 2),
        ("01:20", 1, 2),
        ("01:20", 1.1, 0),
        ("01:20", 2, 0),
        ("03:00", 2, 3),
        ("03:30", 2.25, 4),
        ("00:40", 0, 0),
        ("00:40", 0.5, 0),
    ],
)
def test_what_is_counted_right_after_an_event_is_what_it_did(minute, duration_h, earliest):
    """The event begins at 1:00; steps are hours; what is over, or within a step, has acted by its last step's end."""
    told = FIGURE | {"time": f"2026-01-24T{minute}Z"}
    assert prepared(figures=[told], duration_h=duration_h).reports[0].moment.earliest == earliest


def test_an_event_is_over_at_its_end_whatever_the_computer_rounds():
    """From 0:07 for 1.1 h is until 1:13: 0.11666... + 1.1 comes out above 1.21666..., in hours."""
    attack = Event("2026-01-24T00:07Z", kind="attack", duration_h=1.1)
    told = FIGURE | {"time": "2026-01-24T01:13Z"}
    (report,) = prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=[attack], figures=[told])).reports
    assert report.moment.earliest == 2


@pytest.mark.parametrize(("begin", "begins"), [("01:30", (1.5,)), ("01:00", ())])
def test_a_report_knows_the_events_that_begin_within_a_step(begin, begins):
    events = [Event(f"2026-01-24T{begin}Z", kind="attack"), Event("2026-01-24T03:00Z", kind="storm")]
    told = FIGURE | {"time": "2026-01-24T01:10Z"}
    (report,) = prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=events, figures=[told])).reports
    assert report.moment.begins == begins


def test_what_is_restored_is_read_as_a_flow_and_a_share_of_the_stock_by_its_number():
    told = FIGURE | {"quantity": "heat_buildings_restored", "kind": "stock"}
    assert prepared(figures=[told]).reports[0].moment.reads == "rise"
    assert prepared(figures=[FIGURE]).reports[0].moment.reads == "value"


def test_reports_of_one_count_within_three_hours_weigh_as_one():
    later = FIGURE | {"id": "b", "time": "2026-01-24T11:30Z"}
    much_later = FIGURE | {"id": "c", "time": "2026-01-24T15:00Z"}
    elsewhere = FIGURE | {"id": "d", "quantity": "power_customers_out"}
    made = prepared(figures=[FIGURE, later, much_later, elsewhere])
    centre, variance = observed(made.reports, made.plan.step_h)
    mean, sd = match_gaussian(made.reports[0].claim)
    part = np.exp(mean) / (2 * np.array([4000, 4000, 4000, 400_000]))
    np.testing.assert_allclose(centre, mean - np.log1p(-part))
    np.testing.assert_allclose(variance / (sd**2 + NUGGET**2) * (1 - part) ** 2, [2, 2, 1, 1], rtol=1e-3)
    assert sd > REPORT_SD


@pytest.mark.parametrize(
    "told", [{"value": 3800}, {"value": 0.95, "unit": "share"}, {"value": None, "qualifier": "all"}]
)
def test_counts_are_compared_on_a_scale_that_does_not_end_at_the_stock(told):
    """Log-odds against two stocks: from half to all of a stock they rise by ln(1 / 1) - ln(1 / 3)."""
    (report,) = prepared(figures=[FIGURE | told]).reports
    stock = 1.0 if told.get("unit") == "share" else 4000.0
    half, whole = report.scaled(np.float32([stock / 2, stock]), np.ones(2, np.float32))
    assert whole - half == pytest.approx(np.log(3), rel=1e-5)
    mean, variance = report.gaussian()
    assert report.unscaled(np.array([mean]))[0] == pytest.approx(np.exp(match_gaussian(report.claim)[0]))
    assert np.sqrt(variance) > 1.8 * match_gaussian(report.claim)[1]


def test_without_a_known_stock_counts_are_compared_on_the_log_scale():
    (report,) = prepared(figures=[FIGURE | {"quantity": "heat_buildings_restored"}]).reports
    one, ten = report.scaled(np.float32([100, 1000]), np.ones(2, np.float32))
    assert ten - one == pytest.approx(np.log(10), rel=1e-5)


@pytest.mark.parametrize("told", [{"value": 0}, {"value": None, "qualifier": "none"}, {"value": 3}])
def test_what_is_below_the_smallest_count_is_unscaled_to_none(told):
    (report,) = prepared(figures=[FIGURE | told]).reports
    scaled = report.scaled(np.float32([0, 0.2, 0.5, 0.6, 900]), np.ones(5, np.float32))
    np.testing.assert_allclose(report.unscaled(scaled), [0, 0, 0, 0.6, 900], rtol=1e-5)


HOME = FIGURE | {"quantity": "indoor_temperature_c", "value": 8, "qualifier": "exact"}
FROST = pd.Series(-10.0, pd.date_range("2026-01-24T00:00Z", periods=49, freq="h"))


def home(**changes):
    attack = Event("2026-01-24T01:00Z", kind="attack")
    scenario = Scenario("2026-01-24T00:00Z", 48, CITY, events=[attack], figures=[HOME | changes], weather=FROST)
    (report,) = prepare(scenario).reports
    return report


def test_an_indoor_temperature_is_one_draw_from_the_homes_that_lost_heat_with_the_latest_event():
    report = home()
    assert report.centre_c == 8
    assert report.spread_k == pytest.approx(home_spread(-10.0, 8.0))
    air, weights = single_homes(-10.0, 8.0)
    held = weights @ (np.abs(air - weights @ air) < 1.6449 * report.spread_k)
    assert 0.8 < held < 0.97
    assert 2 < report.spread_k < home(time="2026-01-25T21:00Z").spread_k < 9


@pytest.mark.parametrize(
    ("changes", "centre"),
    [
        ({"value": -4}, -4),
        ({"value": 1, "value_high": 13, "qualifier": "range"}, 7),
        ({"value": 10, "qualifier": "under"}, 9),
        ({"value": 0, "qualifier": "at_least"}, 1),
    ],
)
def test_a_worded_indoor_temperature_stands_for_one_and_a_range_is_wider(changes, centre):
    report = home(**changes)
    assert report.centre_c == centre
    half = 6 if "value_high" in changes else 0
    assert report.spread_k == pytest.approx(np.hypot(home().spread_k, half / 1.6449), rel=1e-3)


def test_a_bias_acts_on_odds_so_that_no_source_counts_more_than_all():
    """Odds of 1/99, 1 and 4, times 1.1; without a stock it is a factor on the count."""
    found = biased(np.array([10.0, 500.0, 800.0, 1000.0, 1500.0]), 1.1, 1000.0)
    np.testing.assert_allclose(found, [10.989, 523.81, 814.81, 1000, 1500], rtol=1e-4)
    np.testing.assert_allclose(biased(np.array([10.0, 500.0]), 1.1, np.inf), [11, 550])


def test_temperatures_are_compared_as_they_are_and_without_a_bias():
    report = home()
    air = np.float32([-4.0, 0.0, 12.5])
    scaled = report.scaled(air, np.float32([2.0, 3.0, 0.5]))
    assert report.unscaled(scaled) == pytest.approx(air)
    centre, variance = observed([report], 1.0)[:, 0]
    assert (centre, np.sqrt(variance)) == pytest.approx(
        (8 / TEMPERATURE_SCALE_K, report.spread_k / TEMPERATURE_SCALE_K)
    )
    likelihood = np.exp(report.log_likelihood(report.scaled(np.linspace(-60, 60, 2401), np.ones(1))))
    assert likelihood.sum() * 0.05 == pytest.approx(1, rel=1e-3)
    assert likelihood.argmax() == (8 + 60) / 0.05


def test_a_temperature_is_not_held_against_counts():
    made = prepared(figures=[FIGURE, HOME | {"id": "b"}, HOME | {"id": "c", "time": "2026-01-24T15:00Z"}])
    first, second, third = groups(made.reports)
    assert first != second == third
