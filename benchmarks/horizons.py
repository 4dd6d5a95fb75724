"""Seconds of a summary by horizon, with the exponent: two cold places, an attack, a year at most.

PYTHONPATH=. python benchmarks/horizons.py
"""

from __future__ import annotations

import time

import numpy as np

import energy_impact as ei

HORIZONS_H = (336, 1344, 4368, 8760)
MEMBERS = 128


def scenario(horizon_h: int) -> ei.Scenario:
    """Return two places with all systems, frost and one attack."""
    sizes = {"power_customers": 1e5, "heat_buildings": 1e3, "water_buildings": 1e3, "residents": 2e5}
    parts = [ei.Place(name, timezone="Europe/Kyiv", **sizes) for name in ("North", "South")]
    attack = ei.Event("2026-01-20T01:00+02:00", kind="attack", duration_h=6, missiles=30)
    city = ei.Place("City", timezone="Europe/Kyiv", parts=parts)
    return ei.Scenario("2026-01-19T00:00+02:00", horizon_h, city, events=[attack])


def main() -> None:
    """Print the seconds of a run with its summary, and the exponent from one horizon to the next."""
    ei.simulate(scenario(168), members=MEMBERS, rng=1).summary()
    before = None
    for horizon in HORIZONS_H:
        begin = time.process_time()
        ei.simulate(scenario(horizon), members=MEMBERS, rng=1).summary()
        now = horizon, time.process_time() - begin
        power = "" if before is None else f"{np.log(now[1] / before[1]) / np.log(now[0] / before[0]):6.2f}"
        print(f"{horizon:6d} h {now[1]:8.2f} s {power}", flush=True)
        before = now


if __name__ == "__main__":
    main()
