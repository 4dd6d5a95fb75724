"""Priors under which no damage hangs on jobs: all that is hit is small faults that crews repair."""

from energy_impact.systems import SYSTEMS

CROWD_ALONE = {
    system.parameters["job_share"]: {"median": 1e-9, "spread": 0.0}
    for system in SYSTEMS.values()
    if system.always_drawn
}

SLOW_CROWD = CROWD_ALONE | {
    "repair_rate_heat": {"median": 1 / 12, "spread": 0.8},
    "severity_heat": {"median": 0.43, "spread": 0.8},
    "start_lag_h": {"median": 3.0, "spread": 0.7},
}
"""And half of the heat is back after about two days."""
