"""The forward model beside the same model in plain Python and beside one pass over memory."""

from __future__ import annotations

from itertools import cycle, islice, pairwise, product

import numpy as np
import pytest

import energy_impact as ei
from benchmarks import plain_model
from energy_impact.ensemble_runs import members_together
from energy_impact.model.blocks import chunks, draw_normal
from energy_impact.model.simulate import simulate
from energy_impact.prepare import prepare

MEMBERS, PLACES, HOURS = 10_000, 8, 336
PLAIN_MEMBERS, PLAIN_PLACES = 5, 4
KEEP = ("power_out", "heat_out", "water_out", "heat_drained")
RECORD = np.array([0, 60, 120, 240, HOURS])
FLOOR_PASSES = 200
ARRAYS_IN_TURN = 48
"""About as many as the model writes and reads in a step."""


def scenario():
    """A frosty fortnight in eight places with two attacks, power, heat and water, and the power balance."""
    places = [
        ei.Place(f"Part {part}", timezone="Europe/Kyiv", power_customers=1e5, heat_buildings=1e3, water_buildings=1e3)
        for part in range(PLACES)
    ]
    attacks = [ei.Event(f"2026-01-{day}T01:00+02:00", kind="attack", duration_h=6, missiles=30) for day in (20, 24)]
    frost = {
        "id": "frost",
        "time": "2026-01-22T08:00+02:00",
        "place": "City",
        "quantity": "air_temperature_c",
        "value": -12,
        "qualifier": "about",
        "kind": "stock",
        "source": "made up",
    }
    return ei.Scenario(
        "2026-01-19T00:00+02:00",
        HOURS,
        ei.Place("City", timezone="Europe/Kyiv", parts=places),
        events=attacks,
        figures=[frost],
    )


@pytest.fixture(scope="module")
def prepared():
    return prepare(scenario())


@pytest.fixture(scope="module")
def normal(prepared):
    return draw_normal(prepared.layout, MEMBERS, np.random.default_rng(1))


def per_step(seconds, members=MEMBERS, places=PLACES):
    """Nanoseconds a member, place and step."""
    return seconds / (members * places * HOURS) * 1e9


@pytest.mark.benchmark(group="forward model")
def test_forward(benchmark, prepared, normal, least, report):
    plan = prepared.plan
    together = members_together(plan)
    draws = [prepared.layout.values(normal[:, chunk]) for chunk in chunks(MEMBERS, together)]

    def forward():
        for values in draws:
            simulate(plan, values, record=RECORD, keep=KEEP)

    steps = frozenset(RECORD.tolist())

    def plain():
        for member, place in product(range(PLAIN_MEMBERS), range(PLAIN_PLACES)):
            plain_model.run(plan, draws[0], member, place, steps)

    arrays = [np.ones((PLACES, together), np.float32) for _ in range(ARRAYS_IN_TURN)]
    pairs = list(pairwise(arrays))

    def passes():
        for _ in range(FLOOR_PASSES):
            np.multiply(arrays[0], arrays[1], out=arrays[0])

    def passes_in_turn():
        for work, factor in islice(cycle(pairs), FLOOR_PASSES):
            np.multiply(work, factor, out=work)

    benchmark.pedantic(forward, rounds=5, warmup_rounds=1)
    if benchmark.stats is None:
        return
    own = per_step(benchmark.stats.stats.min)
    in_python = per_step(least(plain, 5), PLAIN_MEMBERS, PLAIN_PLACES)
    one_pass, in_turn = (least(timed, 20) / FLOOR_PASSES / arrays[0].size * 1e9 for timed in (passes, passes_in_turn))
    report("ns_a_member_place_step", own, f"{own:.1f} ns for power, heat and water together")
    report("plain_python_over_own", in_python / own, f"{in_python / own:.0f} (plain Python {in_python:.0f} ns)")
    report("own_over_one_pass", own / one_pass, f"{own / one_pass:.0f} passes of {one_pass:.3f} ns an element")
    report("own_over_one_pass_in_turn", own / in_turn, f"{own / in_turn:.0f} passes of {in_turn:.3f} ns an element")


@pytest.mark.benchmark(group="draws")
def test_draws(benchmark, prepared, report):
    def draw():
        normal = draw_normal(prepared.layout, MEMBERS, np.random.default_rng(1))
        for chunk in chunks(MEMBERS, members_together(prepared.plan)):
            prepared.layout.values(normal[:, chunk])

    benchmark.pedantic(draw, rounds=3, warmup_rounds=1)
    if benchmark.stats is None:
        return
    own = per_step(benchmark.stats.stats.min)
    rows = prepared.layout.rows
    report("draws_ns_a_member_place_step", own, f"{own:.1f} ns for {rows} numbers a member, drawn and transformed")
