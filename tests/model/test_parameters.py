from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logit

from energy_impact.model.blocks import draw_normal
from energy_impact.model.learned import LEARNED
from energy_impact.model.parameters import BY_NAME, NOISE, TABLE, Prior


def test_every_prior_names_its_unit_and_source():
    names = [parameter.name for parameter in TABLE]
    assert len(set(names)) == len(names)
    for parameter in TABLE:
        assert parameter.meaning, parameter.name
        assert parameter.unit, parameter.name
        assert parameter.source, parameter.name


@pytest.mark.parametrize("name", ["repair_rate_heat", "night_factor", "drone_effect"])
def test_draws_follow_the_prior_of_the_table(name, make_plan, make_layout):
    layout, parameter = make_layout(make_plan()), BY_NAME[name]
    drawn = layout.values(draw_normal(layout, 4096, np.random.default_rng(3)))[name].astype(float)
    scale = {"log": np.log, "logit": logit, "normal": lambda x: x}[parameter.transform]
    assert np.median(scale(drawn)) == pytest.approx(scale(parameter.median), abs=0.02)
    assert scale(drawn).std() == pytest.approx(parameter.spread, rel=0.02)


def test_kinds_have_learned_priors_of_their_own(make_plan, make_event, make_layout):
    plan = make_plan(events=[make_event("attack"), make_event("planned_shutoff", 5.0), make_event("storm", 9.0)])
    lag = make_layout(plan).values(draw_normal(make_layout(plan), 4096, np.random.default_rng(3)))["start_lag_h"]
    learned = [LEARNED[kind]["start_lag_h"][0] for kind in ("attack", "planned_shutoff", "storm")]
    assert np.median(lag, axis=1) == pytest.approx(learned, rel=0.05)


def test_what_belongs_to_no_event_follows_the_kind_of_the_first(make_plan, make_event, make_layout):
    medians = []
    for kind in ("attack", "storm"):
        layout = make_layout(make_plan(events=[make_event(kind), make_event("planned_shutoff", 5.0)]))
        values = layout.values(draw_normal(layout, 4096, np.random.default_rng(3)))
        medians.append(np.median(values["crew_limit_power"]))
    assert medians == pytest.approx(
        [BY_NAME["crew_limit_power"].median, LEARNED["storm"]["crew_limit_power"][0]], rel=0.05
    )


def test_an_override_replaces_the_prior(make_plan, make_values):
    values = make_values(make_plan(), members=4096, overrides={"refill_h": Prior(10.0, 0.1)})
    assert np.median(values["refill_h"]) == pytest.approx(10.0, rel=0.01)


def test_each_number_has_a_name_of_its_own(make_plan, make_event, make_layout):
    layout = make_layout(make_plan(places=2, events=[make_event(places=2)]))
    names = layout.names()
    assert len(names) == layout.rows == len(set(names))
    assert not any(name.startswith(NOISE) for name in names[: layout.structural_rows])


def test_a_single_place_has_no_deviation_of_its_own(make_plan, make_event, make_values):
    values = make_values(make_plan(events=[make_event()]))
    assert np.all(values["severity_heat_place"] == 0)
    assert np.all(values["repair_rate_place"] == 1)


def test_a_grid_failure_has_priors_of_its_own_and_shares_the_rest(make_plan, make_event, make_layout):
    layout = make_layout(make_plan(events=[make_event("grid_failure"), make_event("attack", start_h=9.0)]))
    medians = {slot.parameter.name: slot.medians.tolist() for slot in layout.blocks}
    grid, attack = LEARNED["grid_failure"], LEARNED["attack"]
    assert medians["severity_power"] == pytest.approx([grid["severity_power"][0], attack["severity_power"][0]])
    rates = [grid["repair_rate_power"][0], attack["repair_rate_power"][0]]
    assert medians["repair_rate_power"] == pytest.approx([1 / 6, *rates])
    assert medians["water_buffer_h"] == pytest.approx([2.0])  # by the first event
    assert medians["repair_rate_heat"] == pytest.approx([1 / 12, 1 / 12, attack["repair_rate_heat"][0]])
    assert medians["cascade_spread"] == pytest.approx([0.5, 0.5])


def test_each_truce_has_its_own_draw(make_plan, make_layout):
    names = make_layout(replace(make_plan(), truces=(0.5, 0.2))).names()
    assert [name for name in names if name.startswith("truce")] == ["truce_holds[0]", "truce_holds[1]"]
    assert not any(name.startswith("truce") for name in make_layout(make_plan()).names())


@pytest.mark.parametrize("kind", ["storm", "attack"])
def test_a_hard_event_is_hard_in_all_ways(make_plan, make_event, make_layout, kind):
    """As far as each number's loading says; two that load on the difficulty correlate by the product."""
    loads = [LEARNED[kind].get(name, (0, 0, 0.0))[2] for name in ("slow_share_power", "repair_rate_power")]
    layout = make_layout(make_plan(events=(make_event(kind=kind),)))
    normal = draw_normal(layout, 8192, np.random.default_rng(1))
    slow, rate = layout.numbers("slow_share_power", normal)[1], layout.numbers("repair_rate_power", normal)[1]
    assert slow.std() == pytest.approx(1, abs=0.01)
    assert np.corrcoef(slow, normal[layout.by_name["difficulty"].rows][1])[0, 1] == pytest.approx(loads[0], abs=0.02)
    assert np.corrcoef(slow, rate)[0, 1] == pytest.approx(loads[0] * loads[1], abs=0.02)


def test_an_event_takes_the_difficulty_of_its_own_regime(make_plan, make_event, make_layout):
    """Only the first of two storms is hard, by one standard deviation; its parameters take their loading of that."""
    layout = make_layout(make_plan(events=[make_event("storm"), make_event("storm", 30.0)]))
    normal = np.zeros((layout.rows, 1))
    before, first, second = range(3)
    normal[layout.by_name["difficulty"].rows][first] = 1.0
    for name in ("start_lag_h", "severity_power"):
        assert layout.numbers(name, normal)[:, 0].tolist() == [LEARNED["storm"][name][2], 0.0]
    rates = layout.numbers("repair_rate_power", normal)[:, 0]
    assert rates[[before, first, second]].tolist() == [0.0, LEARNED["storm"]["repair_rate_power"][2], 0.0]
