from __future__ import annotations

import numpy as np
import pytest

from energy_impact import Event, EventRate, Place, Scenario, Shortage, Truce, load_scenario
from energy_impact.model.blocks import draw_normal
from energy_impact.model.severity import severities
from energy_impact.model.simulate import simulate
from energy_impact.prepare import prepare
from energy_impact.same_members import same_rows
from energy_impact.scenario.interception import DEBRIS_SHARE

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


def test_only_what_was_not_intercepted_counts():
    (event,) = prepared(missiles=71, drones=450, missiles_intercepted=38, drones_intercepted=412).plan.events
    assert event.missiles - DEBRIS_SHARE * 38 == pytest.approx(33)
    assert event.drones - DEBRIS_SHARE * 412 == pytest.approx(38)


def test_debris_of_what_was_intercepted_does_some_damage_and_far_less_than_a_hit():
    """On 24 September 2025 debris of 126 drones fell at 2 places, while 26 that got through hit 7: as 7.4 of those."""
    (event,) = prepared(missiles=10, drones=126, missiles_intercepted=10, drones_intercepted=126).plan.events
    assert event.missiles == pytest.approx(0.6)
    assert event.drones == pytest.approx(26 * 2 / 7, rel=0.02)


def test_where_interceptions_are_unknown_the_usual_share_is_taken_off():
    (event,) = prepared(missiles=1000).plan.events
    # 53.5 % of 71 missiles were intercepted on 3 February 2026, and six in a hundred of those count as debris
    assert event.missiles == pytest.approx(465 + 0.06 * 535)
    assert event.drones is None


def test_ballistic_missiles_get_through_more_often_than_cruise_missiles_and_those_than_drones():
    """Got through on 3 February 2026: 21 of 36 ballistic and 12 of 35 cruise missiles, 38 of 450 drones."""

    def through(**launched):
        (event,) = prepared(**launched).plan.events
        return event

    ballistic = through(missiles=36, ballistic_missiles=36).missiles
    cruise = through(missiles=35, ballistic_missiles=0).missiles
    assert ballistic == pytest.approx(21 + 0.06 * 15, abs=0.05)
    assert cruise == pytest.approx(12 + 0.06 * 23, abs=0.05)
    assert through(missiles=71, ballistic_missiles=36).missiles == pytest.approx(ballistic + cruise)
    assert through(drones=450).drones == pytest.approx(38 + 0.06 * 412, abs=0.3)
    assert through(missiles=71, ballistic_missiles=36, missiles_intercepted=71).missiles == pytest.approx(0.06 * 71)
    rate = EventRate(kind="attack", per_week=7, missiles=35, ballistic_missiles=0)
    scenario = Scenario("2026-01-24T00:00Z", 48, CITY, new_events=[rate])
    assert [event.missiles for event in prepare(scenario).plan.events] == [cruise] * 2


def test_a_shortage_is_missing_in_its_places_and_hours_and_several_leave_their_product():
    towns = [Place(name, heat_buildings=4000) for name in ("A", "B")]
    shortages = [
        Shortage("power", 0.2, reason="damage of earlier months"),
        Shortage("power", 0.5, start="2026-01-24T02:00Z", end="2026-01-24T04:00Z", places=["B"], reason="coal"),
        Shortage("heat", 0.3, start="2026-01-24T03:00Z", places=["A"]),
    ]
    plan = prepare(Scenario("2026-01-24T00:00Z", 5, towns, shortages=shortages)).plan
    assert plan.balance
    np.testing.assert_allclose(plan.missing["power"].T, [[0.2] * 6, [0.2, 0.2, 0.6, 0.6, 0.2, 0.2]], atol=1e-6)
    np.testing.assert_allclose(plan.missing["heat"].T, [[0, 0, 0, 0.3, 0.3, 0.3], [0] * 6], atol=1e-6)
    assert not prepared().plan.missing


@pytest.mark.parametrize(
    ("start", "end", "shares"),
    [
        ("02:10", "02:50", [0, 0, 0.4, 0, 0, 0]),
        ("01:30", "03:15", [0, 0.3, 0.6, 0.15, 0, 0]),
        ("02:00", "04:00", [0, 0, 0.6, 0.6, 0, 0]),
        (None, "00:30", [0.3, 0, 0, 0, 0, 0]),
        ("04:30", None, [0, 0, 0, 0, 0.3, 0.6]),
    ],
)
def test_a_shortage_over_part_of_a_step_counts_for_that_part(start, end, shares):
    start, end = (hour and f"2026-01-24T{hour}:00Z" for hour in (start, end))
    shortages = [Shortage("power", 0.6, start=start, end=end)]
    plan = prepare(Scenario("2026-01-24T00:00Z", 5, CITY, shortages=shortages)).plan
    np.testing.assert_allclose(plan.missing["power"][:, 0], shares, atol=1e-6)


def test_a_place_without_warming_points_draws_none_and_one_with_them_answers_who_finds_no_place():
    def made(**places):
        city = Place("City", heat_buildings=4000, residents=1e6, **places)
        return prepare(Scenario("2026-01-24T00:00Z", 24, city))

    without, with_places = made(), made(warming_places=(20_000, 40_000))
    asked = ("people_without_warm_place", "City")
    assert asked in with_places.available
    assert asked not in without.available
    assert set(with_places.layout.names()) - set(without.layout.names()) == {"warming_places[0]"}


def test_rows_are_the_same_by_place_event_and_time():
    def made(horizon_h, *events):
        return prepare(Scenario("2026-01-24T00:00Z", horizon_h, CITY, events=events))

    first, second = (Event(f"2026-01-24T{hour}:00Z", kind="storm") for hour in ("03", "09"))
    long, short = made(48, first, second), made(24, second)
    rows, other = same_rows(long, short)
    pairs = dict(zip(np.array(long.layout.names())[rows], np.array(short.layout.names())[other], strict=True))
    assert pairs["severity_heat[1]"] == "severity_heat[0]"
    assert pairs["repair_rate_heat[0]"] == "repair_rate_heat[0]"
    assert pairs["repair_rate_heat[2]"] == "repair_rate_heat[1]"
    assert "severity_heat[0]" not in pairs
    assert pairs["level_noise[2, 1, 0]"] == "level_noise[2, 1, 0]"
    assert "level_noise[3, 1, 0]" not in pairs
    assert len(other) == len(short.layout.names())


@pytest.mark.parametrize(
    ("place", "event"),
    [
        (Place("City", power_customers=1000), {"kind": "heat_accident"}),
        (Place("City", heat_buildings=1000), {"kind": "storm", "systems": ("gas", "water")}),
    ],
)
def test_an_event_that_can_break_nothing_at_its_places_is_refused(place, event):
    with pytest.raises(ValueError, match=r"events, accident: breaks .* in one of City"):
        prepare(Scenario("2026-01-24T00:00Z", 48, place, events=[Event("2026-01-24T01:00Z", name="accident", **event)]))


def test_an_event_may_break_what_only_one_of_its_places_has():
    places = [Place("City", power_customers=1000), Place("Town", heat_buildings=100)]
    accident = Event("2026-01-24T01:00Z", kind="heat_accident")
    assert prepare(Scenario("2026-01-24T00:00Z", 48, places, events=[accident])).plan.events[0].hits.all()


WEEK = EventRate(kind="attack", per_week=3.5)


def outlook(*, places=CITY, horizon_h=240, **given):
    attack = Event("2026-01-24T01:00Z", kind="attack", duration_h=6)
    return prepare(Scenario("2026-01-24T00:00Z", horizon_h, places, **({"events": [attack]} | given)))


def test_the_days_after_now_become_candidates_that_add_up_to_the_rate():
    happened, *may_come = outlook(new_events=[WEEK]).plan.events
    assert happened.expected is None
    assert may_come[0].start_h == 7 + 17 / 2  # what is left of the day after the attack has its middle here
    assert [event.start_h for event in may_come[1:]] == [24 * day + 1 for day in range(1, 10)]
    assert sum(event.expected for event in may_come) == pytest.approx(3.5 * (240 - 7) / 168)
    assert all(event.end_h - event.start_h == 6 for event in may_come)


def test_candidates_begin_at_their_hour_where_they_hit():
    kyiv = Place("Kyiv", timezone="Europe/Kyiv", heat_buildings=4000)
    made = outlook(places=[CITY, kyiv], new_events=[EventRate(kind="attack", per_week=1, hour=3, places=["Kyiv"])])
    assert {event.start_h % 24 for event in made.plan.events[2:-1]} == {1.0}  # the first and the last day are short
    assert all(event.hits.tolist() == [False, True] for event in made.plan.events[1:])


def test_candidates_come_after_what_happened_even_if_they_are_earlier():
    made = outlook(new_events=[EventRate(kind="storm", per_week=7, start="2026-01-24T00:00Z")])
    assert made.plan.events[0].expected is None
    assert made.plan.events[1].start_h == 1.0
    assert made.plan.kinds == ("start", "attack", *["storm"] * 10)


def test_candidates_of_an_attack_may_leave_supply_short():
    storm = [Event("2026-01-24T01:00Z", kind="storm")]
    assert not outlook(events=storm).plan.balance
    assert outlook(events=storm, new_events=[WEEK]).plan.balance


def test_a_report_is_not_read_since_a_candidate():
    figure = FIGURE | {"quantity": "heat_buildings_restored", "kind": "flow", "time": "2026-01-26T09:00Z"}
    early = EventRate(kind="attack", per_week=1, start="2026-01-24T00:00Z")
    (report,) = outlook(figures=[figure], new_events=[early]).reports
    assert report.moment.since == 1.0


def test_candidates_keep_their_numbers_by_day_kind_and_places_when_now_moves():
    rates = [WEEK, EventRate(kind="storm", per_week=1)]
    figure = FIGURE | {"time": "2026-01-26T09:00Z"}
    early, late = outlook(new_events=rates), outlook(new_events=rates[::-1], figures=[figure])
    rows, other = same_rows(late, early)
    names = np.array(late.layout.names())[rows].tolist()
    pairs = dict(zip(names, np.array(early.layout.names())[other], strict=True))
    days = {f"occurs[{number}]": (event.kind, event.start_h // 24) for number, event in enumerate(early.plan.events)}
    for number, event in enumerate(late.plan.events[1:], 1):
        assert days[pairs[f"occurs[{number}]"]] == (event.kind, event.start_h // 24)
    assert len(set(pairs.values())) == len(pairs)


def test_two_rates_that_are_alike_do_not_share_their_numbers():
    made = outlook(new_events=[WEEK, WEEK])
    assert len(set(made.axes["event"])) == len(made.plan.events) == 21
    rows, other = same_rows(made, made)
    np.testing.assert_array_equal(rows, other)


KREMLIN = Truce(
    "2026-01-26T00:00+03:00", "2026-02-02T00:00+03:00", claimed_by="Kremlin", places=["Kyiv"], reduces=0.9, holds=0.7
)
PRESIDENT = Truce("2026-01-30T00:00+02:00", "2026-02-06T00:00+02:00", claimed_by="president", reduces=1, holds=0.2)


def test_two_tellings_of_a_truce_are_kept_with_their_own_windows_and_places():
    kyiv, rest = (Place(name, heat_buildings=4000, timezone="Europe/Kyiv") for name in ("Kyiv", "Rest"))
    plan = outlook(
        places=Place("Ukraine", parts=[kyiv, rest]), horizon_h=340, new_events=[WEEK], truces=[KREMLIN, PRESIDENT]
    ).plan
    assert plan.truces == (0.7, 0.2)
    covering = {
        int((event.start_h + 2) // 24) + 24: [(truce, factor.tolist()) for truce, factor in event.truces]
        for event in plan.events
    }
    city_only, all_over = (0, pytest.approx([0.1, 1.0])), (1, [0.0, 0.0])
    for day, expected in {
        25: [],
        26: [city_only],
        29: [city_only],
        30: [city_only, all_over],
        32: [city_only, all_over],
        33: [all_over],
        36: [all_over],
        37: [],
    }.items():
        assert covering[day] == expected, f"{day} January"


def test_truces_cover_attacks_only_and_only_those_that_hit_their_places():
    towns = [Place(name, heat_buildings=4000) for name in ("Kyiv", "Rest")]
    rates = [EventRate(kind="storm", per_week=1), EventRate(kind="attack", per_week=1, places=["Rest"])]
    assert all(not event.truces for event in outlook(places=towns, new_events=rates, truces=[KREMLIN]).plan.events)


def test_a_truce_takes_attacks_from_the_same_members_and_changes_nothing_that_happened():
    open_run = outlook(new_events=[WEEK])
    calm_run = outlook(
        new_events=[WEEK],
        truces=[Truce("2026-01-27T00:00Z", "2026-01-31T00:00Z", claimed_by="x", reduces=0.8, holds=0.6)],
    )
    rows, other = same_rows(calm_run, open_run)
    without, with_truce = (draw_normal(made.layout, 512, np.random.default_rng(7)) for made in (open_run, calm_run))
    with_truce[rows] = without[other]
    before = severities(open_run.plan, open_run.layout.values(without), "severity_heat")
    after = severities(calm_run.plan, calm_run.layout.values(with_truce), "severity_heat")
    np.testing.assert_array_equal(before[0], after[0])
    days = [event.start_h // 24 for event in calm_run.plan.events]
    for day, free, calm in zip(days[1:], before[1:], after[1:], strict=True):
        removed = (free > 0) & (calm == 0)
        np.testing.assert_array_equal(calm, np.where(removed, 0, free))
        assert removed.any() == (3 <= day < 7)


def test_near_the_front_faults_go_on_in_a_truce_and_so_do_events_that_are_no_attacks():
    """A truce that all keep takes the attacks; the faults of two days are nine times as many near the front."""
    places = [Place(name, power_customers=1000, near_front=name == "Front") for name in ("Front", "Rear")]
    truce = Truce("2026-01-24T00:00Z", "2026-01-27T00:00Z", claimed_by="x", reduces=1.0, holds=1.0)
    rates = [EventRate(kind=kind, per_week=7) for kind in ("attack", "local_fault")]
    made = prepare(Scenario("2026-01-24T00:00Z", 48, places, new_events=rates, truces=[truce]))
    values = made.layout.values(draw_normal(made.layout, 64, np.random.default_rng(1)))
    for event, hit in zip(made.plan.events, severities(made.plan, values, "severity_power"), strict=True):
        assert (hit.max() > 0) == (event.kind == "local_fault")
    alike = {"repair_rate_place": 1.0, "fault_noise": 0.0, "rate_noise": 0.0, "occurs": 9.0}  # nor do events happen
    faults = {"front_factor": 9.0, "initial_out_power": 0.0, "chronic_share_power": 1e-4, "cold_slowing": 0.0}
    for name, value in (alike | faults).items():
        values[name][...] = value
    out = simulate(made.plan, values, record=np.array([48]), keep=("power_damaged",))["power_damaged"][0]
    np.testing.assert_allclose(out[0] / out[1], 9.0, rtol=0.02)


def test_the_truces_of_the_shipped_scenario_lower_what_may_come():
    scenario = load_scenario("kyiv-2026-02-03").replace(new_events=[WEEK])
    events = [event for event in prepare(scenario).plan.events if event.expected is not None]
    assert [len(event.truces) for event in events] == [1] * 3 + [0] * (len(events) - 3)  # to 5 February


def test_shared_crews_are_groups_with_shares_by_accounts_else_buildings_else_equal():
    def team(name, *sizes, stock="power_customers", **more):
        parts = [Place(f"{name}{i}", heat_buildings=100, **{stock: size}, **more) for i, size in enumerate(sizes)]
        return Place(name, parts=parts, shared_crews=True)

    buildings = Place(
        "b",
        shared_crews=True,
        parts=[
            Place("b0", heat_buildings=300),
            Place("b1", parts=[Place("b2", heat_buildings=(50, 200), power_customers=9)]),
        ],
    )
    unknown = Place("c", shared_crews=True, parts=[Place("c0", residents=5), Place("c1", heat_buildings=5)])
    places = [CITY, Place("Land", parts=[team("a", 300, 100), buildings]), unknown]
    plan = outlook(places=places).plan
    np.testing.assert_array_equal(plan.crews, [0, 1, 1, 2, 2, 3, 3])
    np.testing.assert_allclose(plan.crew_weights, [1, 0.75, 0.25, 0.75, 0.25, 0.5, 0.5])
    assert plan.crew_weights.dtype == np.float32


def test_without_shared_crews_front_or_needs_the_plan_has_none():
    plan = outlook(places=[CITY, Place("Town", heat_buildings=5)]).plan
    assert (plan.crews, plan.crew_weights, plan.front, plan.feedback) == (None, None, None, {})


def test_a_part_of_a_place_near_the_front_is_near_it_and_needs_are_by_place():
    known = {"heat_buildings": 5, "water_buildings": 5}
    east = Place("East", parts=[Place("E1", **known, power_needs_heat=0.3), Place("E2", **known)], near_front=True)
    plan = outlook(places=[CITY, east, Place("South", **known, heat_needs_water=1)]).plan
    np.testing.assert_array_equal(plan.front, [False, True, True, False])
    assert set(plan.feedback) == {"power_on_heat", "heat_on_water"}
    np.testing.assert_allclose(plan.feedback["power_on_heat"], [0, 0.3, 0, 0])
    np.testing.assert_allclose(plan.feedback["heat_on_water"], [0, 0, 0, 1])


@pytest.mark.parametrize(
    ("name", "median", "spread", "rule"),
    [
        ("repair_rate_power", 1e300, 0.5, "median: must be at least 1e-09 and at most 1e.09, got 1e.300"),
        ("capability_margin", 1e-300, 0.5, "median: must be at least 1e-09 and at most 1e.09, got 1e-300"),
        ("night_factor", 1.0, 0.5, "median: must be at least 1e-09 and at most 0.999999, got 1.0"),
        ("missile_effect", -1e39, 0.5, "median: must be at least -1e.09 and at most 1e.09, got -1e.39"),
        ("repair_rate_power", 0.1, 30.0, "spread: must be at least 0 and at most 5, got 30.0"),
    ],
)
def test_a_prior_that_single_precision_cannot_hold_is_refused(name, median, spread, rule):
    with pytest.raises(ValueError, match=f"priors, {name}, {rule}"):
        outlook(priors={name: {"median": median, "spread": spread}})


def country(**grids):
    parts = [Place(name, heat_buildings=1000, power_customers=300_000, grid=grids.get(name)) for name in "ABC"]
    parts[1] = Place(
        "B", parts=[Place(name, power_customers=(100, 400), grid=grids.get(name)) for name in ("B1", "B2")]
    )
    return Place("Country", parts=parts)


def test_places_hang_on_the_grid_of_the_root_unless_one_around_them_names_another():
    attack = Event("2026-01-24T01:00Z", kind="attack")
    places = [country(A="island", B2="other"), Place("Abroad", power_customers=900_000, grid="island")]
    made = prepare(Scenario("2026-01-24T00:00Z", 48, places, events=[attack]))
    assert made.plan.grid.tolist() == [0, 1, 2, 1, 0]  # A, B1, B2, C, Abroad
    assert made.axes["grid"] == ("island", "Country", "other")
    np.testing.assert_allclose(made.plan.demand_weights, [0.25, 200 / 300_200, 1, 300_000 / 300_200, 0.75], rtol=1e-6)


@pytest.mark.parametrize(
    ("stocks", "weights"),
    [([600, 300, 100, None], [6, 3, 1, 3]), ([900, None, None], [1, 1, 1]), ([None, None], [1, 1])],
)
def test_a_place_of_unknown_stock_has_the_demand_of_the_median_place_of_its_grid(stocks, weights):
    places = [Place(str(i), power_customers=stock, heat_buildings=10) for i, stock in enumerate(stocks)]
    plan = prepare(Scenario("2026-01-24T00:00Z", 48, Place("Country", parts=places))).plan
    np.testing.assert_allclose(plan.demand_weights, np.array(weights) / sum(weights), rtol=1e-6)


def test_a_figure_of_cuts_calls_the_grid_of_its_place_short_and_no_other():
    figure = FIGURE | {"place": "C", "quantity": "power_share_shed", "unit": "share", "value": 0.3}
    made = prepare(Scenario("2026-01-24T00:00Z", 48, country(A="island"), figures=[figure]))
    assert made.plan.short.tolist() == [False, True]
    assert made.plan.balance


@pytest.mark.parametrize(
    ("figures", "rules"),
    [
        ([], [0, 1, 1, 3]),
        ([{"place": "A"}], [-1, 1, 1, 3]),
        ([{"place": "A", "qualifier": "none", "value": None}], [0, 1, 1, 3]),
        ([{"place": "A", "quantity": "power_customers_out"}], [0, 1, 1, 3]),
        ([{"place": "Country", "quantity": "power_customers_out"}], [0, 1, 1, 3]),
    ],
)
def test_an_attack_may_spare_a_system_of_a_named_place_of_which_nobody_was_counted(figures, rules):
    attack = Event("2026-01-24T01:00Z", kind="attack", places=["A", "B", "C"])
    told = [FIGURE | {"id": str(number)} | figure for number, figure in enumerate(figures)]
    made = prepare(Scenario("2026-01-24T00:00Z", 48, country(), events=[attack], figures=told))
    assert made.plan.events[0].only_named["heat"].tolist() == rules


@pytest.mark.parametrize(
    ("named", "rules"),
    [(["L", "R"], None), (["L"], [0, -1, -1]), (["L", "Town"], [0, -1, 2]), (["L", "R", "Town"], [-1, -1, 2])],
)
def test_a_figure_of_a_city_counts_for_its_parts_where_an_attack_names_them_all(named, rules):
    city = Place("City", parts=[Place(name, heat_buildings=5000) for name in ("L", "R")])
    attack = Event("2026-01-24T01:00Z", kind="attack", places=named)
    counted = FIGURE | {"value": 5000, "time": "2026-01-24T09:00Z"}
    places = [city, Place("Town", heat_buildings=500)]
    (event,) = prepare(Scenario("2026-01-23T00:00Z", 72, places, events=[attack], figures=[counted])).plan.events
    assert event.only_named.get("heat", np.array(None)).tolist() == rules


@pytest.mark.parametrize(
    ("time", "error_h", "spared"),
    [("24T00:30", 0, [1, 1]), ("24T00:30", 1, [0, 1]), ("24T09:00", 0, [0, 1]), ("25T09:00", 0, [1, 0])],
)
def test_a_figure_speaks_of_the_last_event_before_it(time, error_h, spared):
    attacks = [Event(f"2026-01-{day}T01:00Z", kind="attack", name=str(day)) for day in (24, 25)]
    counted = FIGURE | {"time": f"2026-01-{time}Z", "time_uncertainty_h": error_h}
    made = prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=attacks, figures=[counted]))
    assert ["heat" in event.only_named for event in made.plan.events] == [bool(may) for may in spared]


@pytest.mark.parametrize("how", [{"kind": "storm"}, {"kind": "attack", "systems": ["heat"]}])
def test_other_events_and_attacks_that_say_what_they_broke_spare_nothing(how):
    event = Event("2026-01-24T01:00Z", **how)
    assert prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=[event])).plan.events[0].only_named == {}


def test_an_attack_on_lines_leaves_supply_as_it_is():
    lines = Event("2026-01-24T01:00Z", kind="attack", capability=False)
    assert not prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=[lines])).plan.balance
    assert prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=[Event(lines.time, kind="attack")])).plan.balance
