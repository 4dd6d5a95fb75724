from __future__ import annotations

import numpy as np
import pytest

from energy_impact import Event, Place, Scenario
from energy_impact.prepare import prepare, same_rows

CITY = Place("City", heat_buildings=4000, power_customers=400_000)
FIGURE = {
    "id": "a", "time": "2026-01-24T09:00Z", "place": "City", "quantity": "heat_buildings_out", "value": 900,
    "qualifier": "about", "kind": "stock", "source": "article", "claimed_by": "mayor",
}  # fmt: skip


def prepared(*, figures=(), **numbers):
    attack = Event("2026-01-24T01:00Z", kind="attack", **numbers)
    return prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=[attack], figures=list(figures)))


def test_only_what_was_not_intercepted_counts():
    (event,) = prepared(missiles=71, drones=450, missiles_intercepted=38, drones_intercepted=412).plan.events
    assert (event.missiles, event.drones) == (33, 38)


def test_where_interceptions_are_unknown_the_usual_share_is_taken_off():
    (event,) = prepared(missiles=1000).plan.events
    assert event.missiles == pytest.approx(465)  # 53.5 % of 71 missiles were intercepted on 3 February 2026
    assert event.drones is None


def test_reports_of_one_teller_share_a_bias_and_others_have_their_own():
    told = [FIGURE, FIGURE | {"id": "b", "source": "other"}, FIGURE | {"id": "c", "claimed_by": "governor"}]
    made = prepared(figures=told)
    assert [report.source for report in made.reports] == [0, 0, 1]
    assert sum(name.startswith("source_bias[") for name in made.layout.names()) == 2


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


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": 0, "qualifier": "at_least"}, "anything is at least nothing"),
        ({"quantity": "buildings_damaged"}, "context only"),
        ({"quantity": "indoor_temperature_c", "value": 12}, "not modelled"),
        ({"kind": "flow", "period_start": "2026-01-24T01:00Z"}, "a flow is read of what was restored only"),
        ({"quantity": "drones_launched", "value": 9}, "says nothing of a stock"),
    ],
)
def test_a_figure_that_is_not_used_says_why(changes, reason):
    made = prepared(figures=[FIGURE | changes])
    assert (made.reports, made.unused) == ((), {0: reason})


def test_hours_without_power_need_an_event_that_takes_supply_away():
    told = FIGURE | {"quantity": "hours_off_per_day", "value": 12}
    storm = [Event("2026-01-24T01:00Z", kind="storm")]
    made = prepare(Scenario("2026-01-24T00:00Z", 48, CITY, events=storm, figures=[told]))
    assert made.unused == {0: "no event takes supply away"}


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
