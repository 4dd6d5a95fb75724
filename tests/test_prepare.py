from __future__ import annotations

import pytest

from energy_impact import Event, Place, Scenario
from energy_impact.prepare import prepare

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
