"""What a step of an hour costs: `python benchmarks/step_error.py`, half a minute.

The prior ensembles of an attack in frost (the demo) and of a storm are run in steps of one hour and of ten minutes with
the same random numbers. Printed are, for every quantity, the largest difference over all hours of the median, of the
5 % and 95 % quantiles and of single members (their 99th percentile), and that of the total over time in the median
member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import energy_impact as ei
from energy_impact.model import people
from energy_impact.model.blocks import draw_normal
from energy_impact.model.simulate import simulate
from energy_impact.prepare import prepare
from energy_impact.quantities import QUANTITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEMBERS = 2048
FINE_H = 1 / 6
LEVELS = (0.5, 0.05, 0.95)


def storm() -> ei.Scenario:
    """Three days after a storm of eight hours, in two towns in light frost."""
    towns = [
        ei.Place(
            name,
            timezone="Europe/Kyiv",
            power_customers=1e5,
            heat_buildings=1e3,
            water_buildings=1e3,
            residents=250_000,
        )
        for name in ("Upper town", "Lower town")
    ]
    frost = {
        "id": "frost",
        "time": "2026-01-22T08:00+02:00",
        "place": "County",
        "quantity": "air_temperature_c",
        "value": -8,
        "qualifier": "about",
        "kind": "stock",
        "source": "made up",
    }
    return ei.Scenario(
        "2026-01-20T00:00+02:00",
        96,
        ei.Place("County", timezone="Europe/Kyiv", parts=towns),
        events=[ei.Event("2026-01-20T05:20+02:00", kind="storm", duration_h=8)],
        figures=[frost],
    )


def run(scenario: ei.Scenario) -> dict[str, NDArray[np.float64]]:
    """Return every quantity of the whole scenario at every hour, (hours, members), in % of all, or in K."""
    prepared = prepare(scenario)
    plan, place = prepared.plan, scenario.places[0].name
    values = prepared.layout.values(draw_normal(prepared.layout, MEMBERS, np.random.default_rng(1)))
    hourly = np.arange(0, plan.steps + 1, round(1 / plan.step_h))
    asked = [quantity for quantity, name in prepared.available if name == place]
    keep = {state for quantity in asked for state in people.states_of(quantity, plan.systems)}
    states = simulate(plan, values, record=hourly, keep=keep)
    all_out = {name: np.ones_like(state[:1]) for name, state in states.items()}
    found = {}
    for quantity in asked:
        found[quantity] = people.count(quantity, states, values, prepared.parts[place]).astype(float)
        if quantity != "indoor_temperature_c":
            whole = QUANTITIES[quantity].part_of or quantity
            found[quantity] *= 100 / people.count(whole, all_out, values, prepared.parts[place])
    return found


def table(title: str, scenario: ei.Scenario) -> None:
    """Print the differences of all quantities of a scenario."""
    hour, fine = run(scenario), run(scenario.replace(step_h=FINE_H))
    print(f"{title}: differences in % of the stock (in K of the indoor temperature), and of totals over time in %")
    print(f"{'quantity':26}" + "".join(f"{name:>8}" for name in ("median", "5 %", "95 %", "member", "total")))
    for quantity, one in hour.items():
        other = fine[quantity]
        quantiles = [np.quantile(series, LEVELS, axis=1) for series in (one, other)]
        member = np.quantile(np.abs(one - other), 0.99, axis=1).max()
        total = np.median(np.abs(one.sum(0) - other.sum(0)) / np.maximum(np.abs(other.sum(0)), 1e-9))
        cells = (*np.abs(quantiles[0] - quantiles[1]).max(1), member, 100 * total)
        print(f"{quantity:26}" + "".join(f"{cell:8.2f}" for cell in cells))


if __name__ == "__main__":
    table("Kyiv, 24 January 2026", ei.load_scenario("kyiv-2026-01-24"))
    table("A storm", storm())
