"""Systems: what a record forgets is named when it is registered, and every record fits the rest of the library."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from energy_impact._register import register_systems
from energy_impact.model.parameters import BY_NAME
from energy_impact.model.simulate import simulate
from energy_impact.places import Place
from energy_impact.records import Need, State, System
from energy_impact.systems import EVENT_KINDS, HEAT, HITS, POWER, STATES, STOCKS, SYSTEMS

OTHERS = [system for system in SYSTEMS.values() if system is not HEAT]


def registered(**changes: object) -> dict[str, System]:
    """The systems with some fields of heat changed."""
    power, *rest = OTHERS
    return register_systems((power, dataclasses.replace(HEAT, **changes), *rest), STOCKS, EVENT_KINDS)


def test_what_is_registered_is_found_by_name():
    assert registered() == SYSTEMS


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"stocks": ()}, "heat: stocks: must not be empty"),
        ({"stocks": ("boilers",)}, "heat: stock 'boilers': must be one of STOCKS"),
        ({"colour": ""}, "heat: colour: must not be empty"),
        ({"colour": POWER.colour}, f"colour {POWER.colour!r}: must belong to one system"),
        ({"line": POWER.line}, "line '--': must belong to one system"),
        ({"count": ""}, "heat: count: must not be empty"),
        ({"people": "power_people_out"}, "people 'power_people_out': must belong to one system"),
        ({"out": "cold"}, "heat: out 'cold': must be one of its states"),
        ({"most_out": "coldest"}, "heat: most_out 'coldest': must be one of its states"),
        ({"states": (*HEAT.states, State("x", ""))}, "heat: state 'x': must have a meaning"),
        ({"states": (*HEAT.states, POWER.states[0])}, "state 'power_out': must belong to one system"),
        ({"hit": dataclasses.replace(HEAT.hit, kinds=())}, "heat: hit: must name the kinds of event that hit it"),
        ({"hit": dataclasses.replace(HEAT.hit, kinds=("flood",))}, "heat: hit by 'flood': must be one of EVENT_KINDS"),
        ({"parameters": {}}, "heat: parameters: must have 'repair_rate'"),
        ({"follows": None}, "heat: follows: must say how it follows power, and be None for power alone"),
        ({"needs": (Need("a", "b", "heat", "steam", "c"),)}, "heat: need 'a': must be of 'heat' and of another system"),
        ({"name": "power"}, "name 'power': must belong to one system"),
    ],
)
def test_what_a_record_of_a_system_forgets_is_named(changes, fault):
    with pytest.raises(ValueError, match=r"^systems:\n") as caught:
        registered(**changes)
    assert fault in str(caught.value).splitlines()


def test_a_record_without_a_field_cannot_be_made():
    with pytest.raises(TypeError, match="'colour' and 'line'"):
        System("gas", ("gas_customers",), (), "out", "most", None, "a", "b", HEAT.hit, {}, None)


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=list(SYSTEMS))
def test_every_parameter_of_a_system_has_a_prior(system):
    named = set(system.drawn) - set(system.stocks)
    assert named <= set(BY_NAME), f"model/parameters.py has no row for {named - set(BY_NAME)}"
    assert BY_NAME[system.hit.of_place].of_place
    assert HITS[system.hit.share] is system.hit


@pytest.mark.parametrize("name", [*STOCKS, *(need.field for system in SYSTEMS.values() for need in system.needs)])
def test_every_stock_and_need_is_a_field_of_a_place(name):
    assert name in {field.name for field in dataclasses.fields(Place)}


def test_every_state_can_be_recorded(make_plan, make_event, make_values):
    plan = make_plan(systems=SYSTEMS, events=[make_event(start_h=3.0)], steps=12, temperature=-9.0, balance=True)
    found = simulate(plan, make_values(plan, members=8), record=np.arange(13), keep=STATES)
    assert list(found) == list(STATES)
    for name, state in found.items():
        assert np.isfinite(state).all(), name


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=list(SYSTEMS))
def test_a_system_is_hit_by_its_kinds_of_event_alone(system, make_plan, make_event, make_values):
    def most(kind):
        plan = make_plan(systems=SYSTEMS, events=[make_event(kind, start_h=3.0)], steps=6)
        fixed = {
            name: 0.0
            for own in SYSTEMS.values()
            for name in (own.parameters["chronic_share"], own.parameters["initial_out"])
        }
        fixed |= {own.follows.dependence: 0.0 for own in SYSTEMS.values() if own.follows is not None}
        values = make_values(plan, members=8, fixed=fixed)
        return simulate(plan, values, record=np.arange(7), keep=(system.out,))[system.out].max()

    assert {kind for kind in EVENT_KINDS if most(kind) > 0} == set(system.hit.kinds)


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=list(SYSTEMS))
def test_the_most_out_is_the_running_maximum_since_the_latest_event_began(system, make_plan, make_event, make_values):
    events = [make_event(start_h=3.0), make_event(start_h=30.0, duration_h=5.0), make_event("storm", start_h=60.0)]
    plan = make_plan(systems=SYSTEMS, events=events, steps=90, temperature=-9.0, balance=True)
    found = simulate(plan, make_values(plan, members=16), record=np.arange(91), keep=(system.out, system.most_out))
    out, begins = found[system.out], (0, 4, 31, 61, 91)
    expected = [np.maximum.accumulate(out[first:last]) for first, last in itertools.pairwise(begins)]
    np.testing.assert_array_equal(found[system.most_out], np.concatenate(expected))


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=list(SYSTEMS))
def test_the_most_out_counts_what_was_out_at_the_start_whatever_is_recorded(system, make_plan, make_values):
    plan = make_plan(systems=SYSTEMS, steps=12)
    fixed = {system.parameters["initial_out"]: 0.4, system.parameters["repair_rate"]: 1.0}
    values, late = make_values(plan, members=8, fixed=fixed), np.array([8, 12])
    found = simulate(plan, values, record=late, keep=(system.most_out,))[system.most_out]
    np.testing.assert_allclose(found, 0.4, atol=1e-6)


def test_the_most_out_goes_on_where_an_event_that_may_come_does_not(make_plan, make_event, make_values):
    may_come = make_event(start_h=10.0, expected=0.7)
    plan = make_plan(events=[make_event(start_h=3.0), may_come], steps=24)
    values = make_values(plan, members=256)
    found = simulate(plan, values, record=np.arange(25), keep=("power_most_out", "power_out"))
    most = found["power_most_out"]
    forgotten = most[11, 0] < most[10, 0]
    assert 0 < forgotten.sum() < 256
    np.testing.assert_array_equal(most[:, :, ~forgotten], np.maximum.accumulate(most)[:, :, ~forgotten])
